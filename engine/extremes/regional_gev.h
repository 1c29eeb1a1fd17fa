#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/extremes/gev.h"
#include "engine/extremes/l_moments.h"
#include "engine/extremes/return_level.h"

namespace guyu {

// GEV from the first three L-moments, the shape held within +-`most_shape`. scale > 0.
Gev gev_from_l_moments(const LMoments& moments, double most_shape = 0.5);

// Annual maxima of one site; positive values.
struct SiteRecord {
  std::string code;            // also what its random numbers hang on: the order of sites does not matter
  std::vector<double> maxima;  // NaN: that year is not known
};

struct RegionalOptions {
  bool share_growth = true;       // false: every site by itself
  std::size_t least_years = 5;    // of a site that takes its growth from the region
  std::size_t least_alone = 10;   // of a site by itself
  std::size_t least_pooled = 50;  // station years of a region that shares its growth
  std::size_t draws = 400;        // simulated records for the sampling variance
  std::uint64_t seed = 1;
};

// The growth curve that sites of a region have in common, and how far a site's own record may move away from it.
struct RegionalGrowth {
  bool shared = false;
  double variation = 0, skewness = 0;  // L-CV and L-skewness, means weighted by years
  // Share of a site's own ratios, by its years (index: years - least_years): variance between sites / (that + sampling variance of such a record).
  std::size_t least_years = 0;
  std::vector<double> own_variation, own_skewness;
};

struct SiteLevels {
  std::size_t years = 0;            // known
  double own_share = 1;             // of its own L-CV in the growth curve; 1: by itself
  std::vector<ReturnLevel> levels;  // by period; empty: too few years, and why is in `why`
  std::string why;
};

// Return levels of the sites of one region by the index flood: each site's own mean times a growth curve (Dalrymple 1960; Hosking and Wallis 1997, Regional
// Frequency Analysis, chapter 6). The curve's L-CV and L-skewness are the region's, moved towards the site's own as far as sites differ by more
// than short records must (empirical Bayes on the ratios; sampling variances by simulation from the region's own GEV). A uniform region gives one curve; a
// mixed region leaves long records theirs. Bounds with chance `share` by the parametric bootstrap of the site's record; the error of the region's ratios is
// not in them, nor that neighbours see the same storms. Without enough station years sites stand by themselves. Bit-identical for any number of
// threads and order of sites. O(sites x repeats x years log years).
std::vector<SiteLevels> regional_levels(std::span<const SiteRecord> sites, std::span<const double> periods, double share, std::size_t repeats,
                                        const RegionalOptions& options = {});
// The same for peaks over threshold, site by site (fit_gpd by L-moments): the `a_year` x years largest peaks, the next one being the threshold.
SiteLevels peak_levels(const std::string& code, std::span<const double> peaks_falling, double years, double a_year, std::span<const double> periods,
                       double share, std::size_t repeats, std::uint64_t seed, std::size_t least_years = 5);

}  // namespace guyu
