// SPDX-License-Identifier: GPL-3.0-or-later
// leaves_nothing NAME COMMAND [ARGUMENT ...] : runs a test and looks at what stays when it has ended. It gets
// an empty folder of its own as TMPDIR (and below it XDG_RUNTIME_DIR), and every process that it leaves alone
// becomes a child of this one. A process that is still there after kGrace, a file or folder in TMPDIR, a
// socket in the runtime folder: each is named with NAME, ended or removed, and the test has failed.
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace fs = std::filesystem;

namespace {

constexpr std::chrono::seconds kGrace(5); // a daemon whose bus has gone ends by itself
constexpr std::chrono::milliseconds kPause(20);
constexpr int kFailed = 1;
constexpr int kNotRun = 127;

volatile sig_atomic_t child = 0;

void passOn(int signal)
{
    if (child > 0)
        ::kill(static_cast<pid_t>(child), signal);
}

std::string contentOf(const fs::path &file)
{
    std::ifstream stream(file, std::ios::binary);
    return { std::istreambuf_iterator<char>(stream), {} };
}

/// The parent of each process of this machine.
std::map<pid_t, pid_t> parents()
{
    std::map<pid_t, pid_t> all;
    std::error_code error;
    for (const auto &entry : fs::directory_iterator("/proc", error)) {
        const std::string name = entry.path().filename().string();
        if (name.find_first_not_of("0123456789") != std::string::npos)
            continue;
        const std::string stat = contentOf(entry.path() / "stat");
        const auto behindName = stat.rfind(')'); // then: state, parent
        if (behindName != std::string::npos && behindName + 4 < stat.size())
            all[std::atoi(name.c_str())] = std::atoi(stat.c_str() + behindName + 4);
    }
    return all;
}

std::vector<pid_t> descendants()
{
    const auto all = parents();
    std::vector<pid_t> found;
    for (const auto &[pid, parent] : all) {
        for (auto at = all.find(pid); at != all.end(); at = all.find(at->second)) {
            if (at->second == ::getpid()) {
                found.push_back(pid);
                break;
            }
        }
    }
    return found;
}

std::string commandOf(pid_t pid)
{
    std::string command = contentOf("/proc/" + std::to_string(pid) + "/cmdline");
    for (char &c : command) {
        if (c == '\0')
            c = ' ';
    }
    return command.empty() ? contentOf("/proc/" + std::to_string(pid) + "/comm") : command;
}

/// Waits for the test, and takes in whoever is left alone meanwhile.
int statusOf(pid_t test)
{
    for (;;) {
        int status = 0;
        const pid_t ended = ::waitpid(-1, &status, 0);
        if (ended == test)
            return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        if (ended < 0 && errno != EINTR)
            return kFailed;
    }
}

bool allEnded()
{
    const auto end = std::chrono::steady_clock::now() + kGrace;
    for (;;) {
        const pid_t ended = ::waitpid(-1, nullptr, WNOHANG);
        if (ended < 0 && errno == ECHILD)
            return true;
        if (ended > 0)
            continue;
        if (std::chrono::steady_clock::now() > end)
            return false;
        std::this_thread::sleep_for(kPause);
    }
}

bool leftProcess(const char *name)
{
    if (allEnded())
        return false;
    const auto left = descendants();
    for (const pid_t pid : left)
        std::fprintf(stderr, "%s left a process: %d %s\n", name, pid, commandOf(pid).c_str());
    for (const pid_t pid : left)
        ::kill(pid, SIGKILL);
    while (::waitpid(-1, nullptr, 0) > 0 || errno == EINTR) { }
    return true;
}

bool leftFile(const char *name, const fs::path &folder, const fs::path &runtime)
{
    bool any = false;
    std::error_code error;
    for (const auto &entry : fs::directory_iterator(folder, error)) {
        if (entry.path() == runtime)
            continue;
        any = true;
        std::fprintf(stderr, "%s left a %s: %s\n", name, entry.is_directory(error) ? "folder" : "file",
                     entry.path().c_str());
    }
    for (const auto &entry : fs::recursive_directory_iterator(runtime, error)) {
        if (!entry.is_socket(error))
            continue;
        any = true;
        std::fprintf(stderr, "%s left a socket: %s\n", name, entry.path().c_str());
    }
    return any;
}

} // namespace

int main(int argc, char **argv)
{
    if (argc < 3) {
        std::fputs("usage: leaves_nothing NAME COMMAND [ARGUMENT ...]\n", stderr);
        return kNotRun;
    }
    const char *name = argv[1];
    const char *base = std::getenv("TMPDIR");
    std::string folder
        = (base && *base ? fs::path(base) : fs::path("/tmp")) / "gh-XXXXXX"; // sockets want it short
    if (!::mkdtemp(folder.data()) || ::prctl(PR_SET_CHILD_SUBREAPER, 1) != 0) {
        std::fprintf(stderr, "%s: no folder: %s\n", name, std::strerror(errno));
        return kNotRun;
    }
    const fs::path runtime = fs::path(folder) / "run";
    ::mkdir(runtime.c_str(), 0700);
    ::chmod(folder.c_str(), 0711); // as /tmp: some tests are another user for a moment
    ::setenv("TMPDIR", folder.c_str(), 1);
    ::setenv("XDG_RUNTIME_DIR", runtime.c_str(), 1);

    const pid_t test = ::fork();
    if (test == 0) {
        ::execvp(argv[2], argv + 2);
        std::fprintf(stderr, "%s: %s\n", argv[2], std::strerror(errno));
        ::_exit(kNotRun);
    }
    child = test;
    ::signal(SIGTERM, passOn);
    ::signal(SIGINT, passOn);
    int status = test > 0 ? statusOf(test) : kNotRun;

    const bool process = leftProcess(name);
    const bool file = leftFile(name, folder, runtime);
    std::error_code error;
    fs::remove_all(folder, error);
    if ((process || file) && status == 0)
        status = kFailed;
    return status;
}
