// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/e2e/conformance/suite_content.h"

namespace gatehouse::suite {

Json text(const std::string &words)
{
    return { { "type", "text" }, { "text", words } };
}

std::string pngBase64()
{
    return "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC";
}

Json image()
{
    return { { "type", "image" }, { "data", pngBase64() }, { "mimeType", "image/png" } };
}

Json audio()
{
    return { { "type", "audio" },
             { "data", "UklGRiwAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQgAAACAgICAgICAgA==" },
             { "mimeType", "audio/wav" } };
}

Json embedded(const std::string &uri, const std::string &mimeType, const std::string &words)
{
    return { { "type", "resource" },
             { "resource", { { "uri", uri }, { "mimeType", mimeType }, { "text", words } } } };
}

Json contentOf(std::vector<Json> blocks)
{
    return { { "content", std::move(blocks) } };
}

Json messagesOf(std::vector<Json> all)
{
    return { { "messages", std::move(all) } };
}

Json userSays(Json block)
{
    return { { "role", "user" }, { "content", std::move(block) } };
}

} // namespace gatehouse::suite
