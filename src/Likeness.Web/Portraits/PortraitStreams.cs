using System.Collections.Concurrent;
using System.Threading.Channels;

namespace Likeness.Web.Portraits;

/// <summary>Open pages that want to know when a person's portrait changes, wherever that is done.</summary>
internal sealed class PortraitStreams : IPortraitListener
{
    /// <summary>Open pages of one person; the first one is let go of for another.</summary>
    public const int MaxPages = 8;

    /// <summary>Open pages of everybody; there is none for who comes then.</summary>
    public const int MaxAllPages = 5_000;

    private readonly ConcurrentDictionary<Identity, ConcurrentQueue<Channel<bool>>> _pages = new();
    private int _all;

    /// <summary>One item for each change, or for several together; it ends when it is let go of. Null: there are too many. <see cref="Close"/> ends it.</summary>
    public Channel<bool>? Open(Identity person)
    {
        if (Interlocked.Increment(ref _all) > MaxAllPages)
        {
            Interlocked.Decrement(ref _all);
            return null;
        }

        var page = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (_pages)
        {
            var pages = _pages.GetOrAdd(person, _ => new());
            pages.Enqueue(page);
            if (pages.Count > MaxPages && pages.TryDequeue(out var first))
            {
                first.Writer.TryComplete();
            }
        }

        return page;
    }

    public void Close(Identity person, Channel<bool> page)
    {
        Interlocked.Decrement(ref _all);
        page.Writer.TryComplete();
        lock (_pages)
        {
            var left = _pages.TryGetValue(person, out var pages) ? pages.Where(one => one != page).ToArray() : [];
            if (left.Length == 0)
            {
                _pages.TryRemove(person, out _);
            }
            else
            {
                _pages[person] = new(left);
            }
        }
    }

    void IPortraitListener.OnPortraitChanged(PortraitChanged change)
    {
        if (_pages.TryGetValue(change.Identity, out var pages))
        {
            foreach (var page in pages)
            {
                page.Writer.TryWrite(true);
            }
        }
    }
}
