#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "engine/region/risk_table.h"

namespace guyu {

// Rows of a risk table as bytes: column after column, of fixed width, in this machine's byte order; words as numbers of a list that goes beside them. A
// cycle with full tables hands over 100,000 rows and more, and reading them as JSON was most of what the writer did.
struct PackedRows {
  std::vector<std::string> words;
  std::string bytes;
};

PackedRows pack_rows(const std::vector<RiskRow>& rows);  // O(rows)
// Throws Error for bytes of another length, a word that is not in the list, or a level that there is not.
std::vector<RiskRow> unpack_rows(std::size_t count, const std::vector<std::string>& words, std::string_view bytes);
// As versions before 2 wrote them, a JSON list per column. Such a handover may have waited in the inbox while the program was replaced.
std::vector<RiskRow> rows_from_json(const nlohmann::json& columns);

}  // namespace guyu
