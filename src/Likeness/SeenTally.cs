using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using Likeness.Stores;

namespace Likeness;

/// <summary>
/// Counts where portraits are seen, for their owners: how often, by which hash, in which sizes and types, and, where the domain wants it, on which
/// sites. Of whoever looks nothing is kept. A count is one addition; what was counted is taken once a minute.
/// </summary>
public sealed class SeenTally(DomainPolicies policies, TimeProvider time)
{
    /// <summary>Answers that are counted between two times of taking; what is seen by others in that minute is not counted.</summary>
    public const int MaxCounters = 20_000;

    /// <summary>Sites that are counted by name for one answer in a minute, and of one person on a day; all others are one.</summary>
    public const int MaxSites = 50;

    private static readonly int[] Sizes = [32, 64, 96, 128, 256, 512];
    private readonly ConcurrentQueue<SeenCounter> _counting = new();
    private int _waiting;

    /// <summary>For one answer that shows the person's portrait, given many times; null: the person's domain counts nothing.</summary>
    /// <param name="surface">By what it was asked for: <see cref="SeenWhat"/>.</param>
    /// <param name="size">Pixels.</param>
    /// <param name="type">Of the file, such as <c>png</c>.</param>
    public SeenCounter? CounterFor(Identity person, string surface, int size, string type)
    {
        var counting = policies.For(person.Domain).Seen;
        return counting == SeenCounting.Off ? null : new SeenCounter(this, person, [surface, SizeOf(size), SeenWhat.Type + type], counting == SeenCounting.Sites);
    }

    /// <summary>Something that is not seen often, such as a notification.</summary>
    public void Add(Identity person, string what, int number)
    {
        if (number > 0 && policies.For(person.Domain).Seen != SeenCounting.Off)
        {
            new SeenCounter(this, person, [what], takesSites: false).Add(number);
        }
    }

    /// <summary>What was counted since this was asked last; it is the caller's then.</summary>
    public IReadOnlyList<SeenRow> Take()
    {
        var day = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        var rows = new Dictionary<(string Person, string What), long>();
        for (var left = Volatile.Read(ref _waiting); left > 0 && _counting.TryDequeue(out var counter); left--)
        {
            Interlocked.Decrement(ref _waiting);
            foreach (var (what, number) in counter.Take().Where(taken => taken.Number > 0))
            {
                rows[(counter.Person.Value, what)] = rows.GetValueOrDefault((counter.Person.Value, what)) + number;
            }
        }

        return [.. rows.Select(row => new SeenRow(new Identity(row.Key.Person), day, row.Key.What, row.Value))];
    }

    /// <summary>False: there is no room, and it is not counted.</summary>
    internal bool Enlist(SeenCounter counter)
    {
        if (Interlocked.Increment(ref _waiting) > MaxCounters)
        {
            Interlocked.Decrement(ref _waiting);
            return false;
        }

        _counting.Enqueue(counter);
        return true;
    }

    private static string SizeOf(int size) =>
        string.Create(CultureInfo.InvariantCulture, $"{SeenWhat.Size}{Array.Find(Sizes, known => size <= known) switch { 0 => "more", var known => known.ToString(CultureInfo.InvariantCulture) }}");
}

/// <summary>How often one answer was given since it was asked last.</summary>
public sealed class SeenCounter
{
    private static readonly SearchValues<char> NameLetters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_");
    private readonly SeenTally _tally;
    private readonly string[] _what;
    private readonly ConcurrentDictionary<string, Site>? _sites;
    private int _number;

    internal SeenCounter(SeenTally tally, Identity person, string[] what, bool takesSites) =>
        (_tally, Person, _what, _sites) = (tally, person, what, takesSites ? new(StringComparer.OrdinalIgnoreCase) : null);

    public Identity Person { get; }

    /// <summary>Whether it counts who refers to it.</summary>
    public bool TakesSites => _sites is not null;

    /// <summary>Once more. Allocates nothing and never waits.</summary>
    public void Add() => Add(1);

    /// <summary>Once more, from this page. Allocates only for a site that is new since the last taking.</summary>
    /// <param name="referrer">As the browser says it (<c>Referer</c>): its host is taken and nothing else.</param>
    public void AddFrom(ReadOnlySpan<char> referrer)
    {
        Add(1);
        if (_sites is null || !TryHost(referrer, out var host))
        {
            return;
        }

        var find = _sites.GetAlternateLookup<ReadOnlySpan<char>>();
        if (!find.TryGetValue(host, out var site))
        {
            // Some more than the most may come in at the same moment.
            site = _sites.Count < SeenTally.MaxSites ? _sites.GetOrAdd(host.ToString().ToLowerInvariant(), static _ => new Site()) : _sites.GetOrAdd("", static _ => new Site());
        }

        Interlocked.Increment(ref site.Number);
    }

    internal void Add(int number)
    {
        if (Interlocked.Add(ref _number, number) == number && !_tally.Enlist(this))
        {
            Interlocked.Exchange(ref _number, 0);
        }
    }

    internal IEnumerable<(string What, long Number)> Take()
    {
        var number = Interlocked.Exchange(ref _number, 0);
        foreach (var what in _what)
        {
            yield return (what, number);
        }

        foreach (var (host, _) in _sites ?? [])
        {
            if (_sites!.TryRemove(host, out var site))
            {
                yield return (SeenWhat.Site + host, Interlocked.Exchange(ref site.Number, 0));
            }
        }
    }

    // A name in DNS: an address of a machine may be the visitor's own.
    private static bool TryHost(ReadOnlySpan<char> referrer, out ReadOnlySpan<char> host)
    {
        const int MaxName = 253;
        host = default;
        var begin = referrer.IndexOf("://", StringComparison.Ordinal);
        if (begin < 0)
        {
            return false;
        }

        var rest = referrer[(begin + 3)..];
        var end = rest.IndexOfAny("/?#");
        rest = end < 0 ? rest : rest[..end];
        var user = rest.LastIndexOf('@');
        rest = user < 0 ? rest : rest[(user + 1)..];
        var port = rest.IndexOf(':');
        host = port < 0 ? rest : rest[..port];
        var dot = host.LastIndexOf('.');
        return host.Length <= MaxName && dot > 0 && dot < host.Length - 1 && char.IsAsciiLetter(host[dot + 1])
            && !host.ContainsAnyExcept(NameLetters);
    }

    private sealed class Site
    {
        public long Number;
    }
}

/// <summary>How what is counted is called.</summary>
public static class SeenWhat
{
    /// <summary>An avatar on the web, asked for by the MD5 of an address.</summary>
    public const string Md5 = "md5";

    /// <summary>An avatar on the web, asked for by the SHA-256 of an address.</summary>
    public const string Sha256 = "sha256";

    /// <summary>A picture on the web that chats were told of.</summary>
    public const string Link = "link";

    /// <summary>An answer of WebFinger.</summary>
    public const string WebFinger = "webfinger";

    /// <summary>A client in chats that was told of the picture.</summary>
    public const string Chat = "chat";

    /// <summary>Behind it stands the largest edge of these in pixels, or <c>more</c>.</summary>
    public const string Size = "size ";

    /// <summary>Behind it stands the type of the file.</summary>
    public const string Type = "type ";

    /// <summary>Behind it stands the site's host; nothing: one of many.</summary>
    public const string Site = "site ";
}

/// <summary>What a domain wants to be counted.</summary>
public enum SeenCounting
{
    Off,

    /// <summary>How often, by what, and in which sizes and types.</summary>
    Counts,

    /// <summary>On which sites, too.</summary>
    Sites,
}
