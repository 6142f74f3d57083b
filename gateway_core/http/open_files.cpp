// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/http/open_files.h"

#include <sys/resource.h>

#include <algorithm>

namespace gatehouse {

std::size_t allowOpenFiles(std::size_t wanted)
{
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return 0;
    const rlim_t before = limit.rlim_cur;
    limit.rlim_cur = std::max(before, std::min<rlim_t>(wanted, limit.rlim_max));
    return ::setrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : before;
}

} // namespace gatehouse
