using Likeness.Xmpp.Payloads;

namespace Likeness.Xmpp.Server.Features;

/// <summary>XEP-0059 Result Set Management 1.0: how much of a list one answer holds, asked for in pages or not.</summary>
internal static class Xep0059Paging
{
    /// <summary>Items of one answer.</summary>
    public const int MaxItems = 1000;

    /// <summary>Bytes of one answer: beyond it no further item begins.</summary>
    public const int MaxBytes = 256 * 1024;

    /// <summary>The part of a list that is in memory whole.</summary>
    /// <param name="size">Bytes of an item.</param>
    /// <returns>Null: the item the page is to begin behind is not there.</returns>
    public static Page<T>? Cut<T>(IReadOnlyList<T> all, Func<T, string> id, Func<T, int> size, ResultSetRequest? request)
    {
        var most = Math.Min(request?.Max ?? MaxItems, MaxItems);
        var (first, end) = (request?.Index ?? 0, all.Count);
        if ((request?.After ?? request?.Before) is { Length: > 0 } anchor)
        {
            var at = 0;
            while (at < all.Count && id(all[at]) != anchor)
            {
                at++;
            }

            if (at == all.Count)
            {
                return null;
            }

            (first, end) = request!.After is not null ? (at + 1, all.Count) : (0, at);
        }

        first = Math.Min(first, end);
        var bytes = 0L;
        var taken = 0;
        var isBackwards = request?.Before is not null;
        while (taken < most && taken < end - first)
        {
            bytes += size(all[isBackwards ? end - 1 - taken : first + taken]);
            if (bytes > MaxBytes && taken > 0)
            {
                break;
            }

            taken++;
        }

        first = isBackwards ? end - taken : first;
        return new Page<T>([.. all.Skip(first).Take(taken)], first, all.Count);
    }

    /// <summary>Some of a list.</summary>
    /// <param name="Index">How many come before the first one.</param>
    /// <param name="Count">Items of the whole list.</param>
    public sealed record Page<T>(IReadOnlyList<T> Items, int Index, int Count)
    {
        /// <summary>What the answer says of itself: when it was asked for a page, and when it holds less than was asked for. An empty list says nothing (§2.2).</summary>
        /// <param name="wanted">How many were asked for without a page.</param>
        public ResultSetPage? Describe(ResultSetRequest? request, Func<T, string> id, int wanted = int.MaxValue)
        {
            if (Count == 0 || (request is null && Items.Count >= Math.Min(Count, wanted)))
            {
                return null;
            }

            return Items.Count == 0
                ? new ResultSetPage(null, null, null, Count)
                : new ResultSetPage(id(Items[0]), Index, id(Items[^1]), Count);
        }
    }
}
