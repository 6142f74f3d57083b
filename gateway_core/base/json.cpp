// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/base/json.h"

#include <cmath>
#include <unordered_set>
#include <vector>

namespace gatehouse {

namespace {

/// Builds a value while refusing what a lenient reader would let through.
/// Throws nothing; a refusal is a `false` that stops the parser.
class StrictBuilder final : public nlohmann::json_sax<Json>
{
public:
    explicit StrictBuilder(std::size_t mostParts)
        : m_left(mostParts)
    {
    }
    [[nodiscard]] Json take() { return std::move(m_root); }
    [[nodiscard]] const char *reason() const { return m_reason; }

    bool null() override { return add(nullptr); }
    bool boolean(bool value) override { return add(value); }
    bool number_integer(number_integer_t value) override { return add(value); }
    bool number_unsigned(number_unsigned_t value) override { return add(value); }
    /// 1.0 and 1e2 are integers (JSON Schema, "integer"), as far as every double below them is one too:
    /// beyond, two readers may take the same digits for two numbers.
    bool number_float(number_float_t value, const string_t &) override
    {
        constexpr double kExact = 9'007'199'254'740'992.0; // 2^53
        if (!std::isfinite(value))
            return refuse("a number out of range");
        if (std::trunc(value) == value && std::abs(value) < kExact)
            return add(static_cast<number_integer_t>(value));
        return add(value);
    }
    bool string(string_t &value) override { return add(std::move(value)); }
    bool binary(binary_t &) override { return refuse("binary"); }
    bool start_object(std::size_t) override { return open(Json::object()); }
    bool key(string_t &name) override
    {
        if (m_left == 0)
            return refuse("too many parts");
        --m_left;
        if (name.find('\0') != std::string::npos)
            return refuse("a NUL in a key");
        if (!m_keys.back().insert(name).second)
            return refuse("a duplicate key");
        m_names.back() = std::move(name);
        return true;
    }
    bool end_object() override { return close(); }
    bool start_array(std::size_t) override { return open(Json::array()); }
    bool end_array() override { return close(); }
    bool parse_error(std::size_t, const std::string &, const nlohmann::detail::exception &) override
    {
        return refuse("not JSON");
    }

private:
    bool refuse(const char *reason)
    {
        m_reason = reason;
        return false;
    }

    Json &place(Json value)
    {
        if (m_open.empty())
            return m_root = std::move(value);
        Json &parent = *m_open.back();
        if (parent.is_array()) {
            parent.push_back(std::move(value));
            return parent.back();
        }
        return parent[m_names.back()] = std::move(value);
    }

    bool add(Json value)
    {
        if (m_left == 0)
            return refuse("too many parts");
        --m_left;
        place(std::move(value));
        return true;
    }

    bool open(Json value)
    {
        if (m_open.size() >= kJsonDepthLimit)
            return refuse("too deep");
        if (m_left == 0)
            return refuse("too many parts");
        --m_left;
        m_open.push_back(&place(std::move(value)));
        m_keys.emplace_back();
        m_names.emplace_back();
        return true;
    }

    bool close()
    {
        m_open.pop_back();
        m_keys.pop_back();
        m_names.pop_back();
        return true;
    }

    std::size_t m_left;
    Json m_root;
    const char *m_reason = "not JSON";
    // A child never moves while it is open: its parent grows only after it has been closed.
    std::vector<Json *> m_open;
    std::vector<std::unordered_set<std::string>> m_keys;
    std::vector<std::string> m_names;
};

tl::unexpected<Error> refused(const char *reason)
{
    return failure(ErrorCode::InvalidRequest, reason, { { "reason", reason } });
}

} // namespace

Result<Json> parseJson(std::string_view text, std::size_t mostParts)
{
    // RFC 8259, section 8.1: none is sent, and a reader may or may not pass over it. The library does.
    if (text.starts_with("\xef\xbb\xbf"))
        return refused("a byte order mark");
    if (text.find('\0') != std::string_view::npos) // no JSON text has one, and the library stops there
        return refused("not JSON");
    StrictBuilder builder(mostParts);
    if (!Json::sax_parse(text, &builder))
        return refused(builder.reason());
    return builder.take();
}

std::string canonicalJson(const Json &value)
{
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string textAt(const Json &object, const char *name)
{
    const auto entry = object.is_object() ? object.find(name) : object.end();
    return entry != object.end() && entry->is_string() ? entry->get<std::string>() : std::string();
}

} // namespace gatehouse
