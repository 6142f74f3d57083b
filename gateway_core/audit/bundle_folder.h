// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/result.h"

#include <filesystem>
#include <string>
#include <string_view>

namespace gatehouse {

/// A new folder that is written out of sight and put at its name in one step: nobody sees half of it, and
/// nothing of it stays unless it is published. Files are opened in it by its descriptor, so that no part of
/// the path can be exchanged meanwhile. Holds plain files only. Blocking file I/O. Thread: any, one at a
/// time. Owns: the folder, until it is published and not discarded.
class BundleFolder final
{
public:
    /// Where it may come to be. OursAlone, for a path that was typed: the parent is there, is no symbolic
    /// link, is ours, and only we can write to it. Made: the parent is made if it is missing, and not looked
    /// at.
    enum class Parent { OursAlone, Made };

    /// ValidationFailed {errors: [{field, problem}]}: no folder can come to be at this path. Conflict
    /// {errors}: something is there. StorageFull · StorageReadOnly · StorageFailed.
    [[nodiscard]] static Result<BundleFolder> begin(const std::filesystem::path &path, Parent parent);
    BundleFolder(BundleFolder &&other) noexcept;
    BundleFolder(const BundleFolder &) = delete;
    BundleFolder &operator=(const BundleFolder &) = delete;
    BundleFolder &operator=(BundleFolder &&) = delete;
    ~BundleFolder();

    /// Removes what a process that was killed left out of sight in this folder; what somebody still writes
    /// stays. Errors are nobody's trouble: it is tried again.
    static void removeAbandoned(const std::filesystem::path &parent);

    [[nodiscard]] int descriptor() const { return m_folder; }
    /// What is in it is synced already. Conflict: something took the name meanwhile.
    [[nodiscard]] Result<> publish();
    /// Removes it, also after it was published.
    void discard();

private:
    BundleFolder(int parent, int folder, std::string name, std::string wanted);

    int m_parent = -1;
    int m_folder = -1;
    std::string m_name; ///< what it is called now; empty: discarded
    std::string m_wanted;
    bool m_published = false;
};

/// The path of a folder that is to be made, as somebody typed it; slashes at its end are left off.
/// ValidationFailed {errors: [{field, problem}]}: not absolute, names nothing, or holds a NUL. Pure.
[[nodiscard]] Result<std::filesystem::path> newFolderPath(std::string_view typed);

} // namespace gatehouse
