using System.Collections.Concurrent;
using Likeness.AspNetCore.Links;
using Likeness.Libravatar;
using Likeness.Libravatar.Fetching;

namespace Likeness.AspNetCore.Proxy;

/// <summary>Pictures for tickets: one fetch at a time for each, however many visitors wait for it, and it goes on when they do not.</summary>
internal sealed class PictureFetches(AvatarClient client)
{
    private readonly ConcurrentDictionary<AvatarTicket, Lazy<Task<FetchedImage?>>> _running = new();

    /// <summary>Null: there is none, or no server gives it.</summary>
    public Task<FetchedImage?> Get(AvatarTicket ticket) =>
        _running.GetOrAdd(ticket, static (key, fetches) => new Lazy<Task<FetchedImage?>>(() => fetches.Fetch(key)), this).Value;

    private async Task<FetchedImage?> Fetch(AvatarTicket ticket)
    {
        try
        {
            // Without a default of the page's choice the face is ours, so the servers need not draw one.
            return await client.FetchAsync(ticket.Address, ticket.Options with { Default = ticket.Options.Default ?? DefaultKeywords.NotFound });
        }
        finally
        {
            _running.TryRemove(ticket, out _);
        }
    }
}
