#pragma once
#include "engine/core/field.h"
#include "hpc/parallel/packed.h"

// Fields between processes of one program, each part as a whole: what is taken equals what was packed, to the bit.
namespace guyu {

void pack_grid(Packer& p, const Grid& grid);
// Throws Error for what no grid is.
Grid take_grid(Unpacker& u);

void pack_meta(Packer& p, const FieldMeta& meta);
FieldMeta take_meta(Unpacker& u);

}  // namespace guyu
