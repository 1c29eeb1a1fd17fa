#include <boost/test/unit_test.hpp>
#include <chrono>
#include <fmt/format.h>
#include <map>
#include "cli/demo/case_files.h"
#include "cli/demo/score.h"
#include "cli/shipped_files.h"
#include "engine/core/atomic_file.h"
#include "engine/region/zonal_statistics.h"
using namespace guyu; using namespace guyu::cli::demo;
BOOST_AUTO_TEST_CASE(scratch) {
  auto t0=std::chrono::steady_clock::now();
  auto lap=[&](const char* w){auto t=std::chrono::steady_clock::now(); fmt::print("{} {:.2f}s\n",w,std::chrono::duration<double>(t-t0).count()); t0=t;};
  auto c=storm_case(); auto p=made_up_province(c.grid.crs());
  fmt::print("townships {} counties {}\n",p.townships.size(),p.counties.size());
  lap("province");
  write_case(c,p,"/tmp/demo_case"); lap("write");
  RegionSet r=read_regions({"/tmp/demo_case/regions/townships.gpkg","","code","name","county",""});
  for(auto&s:r.problems) fmt::print("problem {}\n",s);
  auto truth=true_rain(c,r); lap("truth");
  write_truth(truth,p,"/tmp/demo_case/truth"); lap("wt");
  RulePack pack=load_rule_pack(cli::find_config_file("cma_2007_rainstorm","rules",""));
  for(auto issue:c.cycles){ std::map<Level,int> n; double mx=0; for(size_t k=0;k<r.regions.size();++k){ ++n[true_level(truth.townships,pack,k,issue,issue+std::chrono::hours(12))]; mx=std::max(mx,truth.townships.total(k,{issue-std::chrono::hours(3),issue}));}
    fmt::print("{} ",to_iso(issue)); for(auto [l,k]:n) fmt::print("{} {} ",to_string(l),k); fmt::print(" max 3h {:.0f}\n",mx);} lap("levels");
  for(int h=1;h<=15;++h){ double mx=0,mean=0; for(size_t k=0;k<r.regions.size();++k){double v=truth.townships.total(k,{c.begin+std::chrono::hours(h-1),c.begin+std::chrono::hours(h)}); mx=std::max(mx,v); mean+=v/r.regions.size();} Field f(c.grid,{}); c.storm.rates(c.grid,h*60,f.view()); auto s=statistics(f.view()); fmt::print("hour {} mean {:.1f} max {:.1f}; rate at end max {:.0f} mean {:.2f}\n",h,mean,mx,s.max,s.mean);} 
  std::string csv; 
}
