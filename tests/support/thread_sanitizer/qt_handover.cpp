// SPDX-License-Identifier: GPL-3.0-or-later
// Only in the tsan preset. Debian's Qt is built without ThreadSanitizer and locks by futex, so the sanitizer
// does not see that a call which is queued to another thread happens after it was queued, and would report
// every one of them. This stands in front of QMetaObject::invokeMethod() and QThreadPool::start(), by which
// our threads talk, and says so. What crosses by any other way stays unknown to it, and is reported.
#include <QMetaObject>
#include <QRunnable>
#include <QThreadPool>

#include <dlfcn.h>
#include <sanitizer/tsan_interface.h>

#include <cstdlib>
#include <functional>
#include <utility>

namespace {

template <typename Function> Function next(const char *symbol)
{
    void *found = ::dlsym(RTLD_NEXT, symbol);
    if (!found)
        std::abort(); // another Qt than the one that this was written for
    return reinterpret_cast<Function>(found);
}

/// A slot that was handed over. It dies by itself, as all of them do.
class HandedOver final : public QtPrivate::QSlotObjectBase
{
public:
    HandedOver(QtPrivate::QSlotObjectBase *slot, void *result)
        : QSlotObjectBase(&HandedOver::act)
        , m_slot(slot)
        , m_result(result)
    {
        __tsan_release(this);
    }

private:
    static void act(int which, QSlotObjectBase *self, QObject *receiver, void **, bool *)
    {
        auto *over = static_cast<HandedOver *>(self);
        __tsan_acquire(over);
        if (which == Call) {
            void *arguments[]{
                over->m_result
            }; // Qt's own stand in an event that was made after the handing over
            over->m_slot->call(receiver, arguments);
            __tsan_release(over); // whoever lets go of it last may be the thread that queued it
        }
        if (which == Destroy) {
            over->m_slot->destroyIfLastRef();
            delete over;
        }
    }

    QtPrivate::QSlotObjectBase *const m_slot;
    void *const m_result; ///< where a direct call puts its value; null for a queued one
};

/// Work that was handed over to a pool, which deletes it.
class HandedWork final : public QRunnable
{
public:
    explicit HandedWork(std::function<void()> work)
        : m_work(std::move(work))
    {
        __tsan_release(this);
    }
    void run() override
    {
        __tsan_acquire(this);
        m_work();
    }

private:
    const std::function<void()> m_work;
};

} // namespace

bool QMetaObject::invokeMethodImpl(QObject *object, QtPrivate::QSlotObjectBase *slot, Qt::ConnectionType type,
                                   void *ret)
{
    using Invoke = bool (*)(QObject *, QtPrivate::QSlotObjectBase *, Qt::ConnectionType, void *);
    static const auto invoke = next<Invoke>(
        "_ZN11QMetaObject16invokeMethodImplEP7QObjectPN9QtPrivate15QSlotObjectBaseEN2Qt14ConnectionTypeEPv");
    return invoke(object, new HandedOver(slot, ret), type, ret);
}

void QThreadPool::start(std::function<void()> work, int priority)
{
    start(new HandedWork(std::move(work)), priority);
}
