using System.Diagnostics.CodeAnalysis;
using Likeness.Libravatar;
using Likeness.Libravatar.Fetching;
using Likeness.Limits;
using Likeness.Stores;
using Likeness.Web.Mails;
using Likeness.Web.Portraits;
using Microsoft.Extensions.Logging;

namespace Likeness.Web.Proofs;

/// <summary>
/// Web addresses that are proved by a link on their page back to the person's profile (<c>rel="me"</c>). The page is fetched when the person
/// asks, and once a year; a page that says nothing any more is looked at each week for a month before its address goes.
/// </summary>
internal sealed partial class PageProofs(IAddressProofStore stored, IStores stores, PortraitActs acts, AddressBook addresses, Notices notices, PageOptions options, TimeProvider time, ILogger<PageProofs> log) : IDisposable
{
    /// <summary>Bytes of a page that is read.</summary>
    public const int MaxPage = 512 * 1024;

    /// <summary>Web addresses of one person.</summary>
    public const int MaxPages = 10;

    /// <summary>Characters of a web address.</summary>
    public const int MinLength = 11;
    public const int MaxLength = 255;

    /// <summary>Pages that are looked at again, within a minute.</summary>
    public const int MaxAgain = 20;

    /// <summary>Pages that one person has looked at.</summary>
    public static readonly RateLimit PerPerson = new(10, TimeSpan.FromHours(1));

    /// <summary>Until a page has come.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <summary>A page that says it is looked at again after.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromDays(365);

    /// <summary>A page that does not say it any more is looked at again after.</summary>
    public static readonly TimeSpan FailingPeriod = TimeSpan.FromDays(7);

    /// <summary>Then the address goes.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromDays(30);

    private const int MaxPeople = 10_000;

    // Who took a page and died looks at it no more.
    private static readonly TimeSpan Lease = TimeSpan.FromHours(1);
    private readonly KeyedRateLimiter<Identity> _people = new(PerPerson, MaxPeople, time);
    private readonly Lazy<SafeFetch> _fetch = new(() => new SafeFetch((options.PageProofs ?? new SafeFetchOptions()) with { MaxRedirects = 0, Timeout = Timeout }, time));

    /// <summary>False: the operator wants no page asked, or nobody knows where profiles are.</summary>
    public bool IsOn => options.PageProofs is not null && options.Root is not null;

    public ValueTask<IReadOnlyDictionary<string, AddressProof>> Of(Identity person, CancellationToken cancellationToken) => stored.Of(person, cancellationToken);

    /// <summary>Where the link on the person's page leads.</summary>
    public async ValueTask<string> TargetOf(Identity person, CancellationToken cancellationToken) => (await Targets(person, cancellationToken))[0];

    /// <summary>Looks at the page now, and gives the person its address if it says so.</summary>
    public async Task<ProofAnswer> Prove(Identity person, string text, CancellationToken cancellationToken)
    {
        if (!IsOn || !TryRead(text, out var address, out var page))
        {
            return ProofAnswer.NoAddress;
        }

        var known = await stored.Of(person, cancellationToken);
        if (known.Count >= MaxPages && !known.ContainsKey(address.Text))
        {
            return ProofAnswer.TooMany;
        }

        if (_people.Take(person) is { Ticks: > 0 })
        {
            return ProofAnswer.TooOften;
        }

        var answer = await Look(person, page, cancellationToken);
        if (answer != ProofAnswer.Proved)
        {
            return answer;
        }

        try
        {
            var now = time.GetUtcNow();
            var before = await notices.AddressesOf(person);
            if (await acts.AddAddress(person, address, OwnPortrait.By(person), new StoreWrite.Proof(person, address.Text, new AddressProof(now, now + Period)), CancellationToken.None))
            {
                await notices.Tell(person, "address", address.Text, before);
            }

            return ProofAnswer.Proved;
        }
        catch (StoreConflictException)
        {
            return ProofAnswer.Taken;
        }
    }

    /// <summary>Looks at those pages again whose time has come: some of them, one after another.</summary>
    public async Task LookAgain(CancellationToken cancellationToken)
    {
        if (!IsOn)
        {
            return;
        }

        foreach (var (person, address, proof) in await stored.Take(time.GetUtcNow(), time.GetUtcNow() + Lease, MaxAgain, cancellationToken))
        {
            var answer = TryRead(address, out _, out var page) ? await Look(person, page, cancellationToken) : ProofAnswer.NoLink;
            var now = time.GetUtcNow();
            if (answer == ProofAnswer.Proved)
            {
                await Save(person, address, new AddressProof(now, now + Period));
                continue;
            }

            var failing = proof.Failing ?? now;
            if (now - failing >= Grace)
            {
                Log.Gone(log, address);
                await acts.RemoveAddress(person, Address.Parse(address), new Cause(Origin.Web, "yearly look"), CancellationToken.None);
                await notices.Tell(person, "nopage", address);
                continue;
            }

            await Save(person, address, proof with { Due = Earlier(now + FailingPeriod, failing + Grace), Failing = failing });
            if (proof.Failing is null)
            {
                await notices.Tell(person, "page", address);
            }
        }
    }

    public void Dispose()
    {
        if (_fetch.IsValueCreated)
        {
            _fetch.Value.Dispose();
        }
    }

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    private ValueTask Save(Identity person, string address, AddressProof proof) => stores.Write([new StoreWrite.Proof(person, address, proof)], CancellationToken.None);

    private async Task<ProofAnswer> Look(Identity person, Uri page, CancellationToken cancellationToken)
    {
        if (await _fetch.Value.FetchAsync(new FetchRequest(page) { MaxDocumentBytes = MaxPage, DocumentType = "text/html" }, cancellationToken) is not FetchResult.Document document)
        {
            return ProofAnswer.Away;
        }

        var targets = await Targets(person, cancellationToken);
        return MeLinks.Read(document.Bytes).Any(link => Normal(link) is { } there && targets.Contains(there, StringComparer.Ordinal)) ? ProofAnswer.Proved : ProofAnswer.NoLink;
    }

    // The profile is under each hash of each address; the account's own stands first where it is one of them.
    private async ValueTask<IReadOnlyList<string>> Targets(Identity person, CancellationToken cancellationToken)
    {
        var all = (await addresses.Of(person, cancellationToken)).OrderBy(address => address != person.Value).Append(person.Value).Distinct(StringComparer.Ordinal);
        return [.. all.SelectMany(text => Address.Parse(text) is var address ? new[] { address.Sha256 }.Concat(address.Hashes) : []).Select(hash => Normal($"{options.Root}/{hash}")!).Distinct(StringComparer.Ordinal)];
    }

    private static string? Normal(string link) =>
        Uri.TryCreate(link, UriKind.Absolute, out var url) && url is { UserInfo: "", Query: "", Fragment: "" }
            ? url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped).TrimEnd('/')
            : null;

    // What is read in the clear may be anybody's on the way. On this machine nobody is on the way, where the operator lets it be asked at all.
    private bool TryRead(string text, [NotNullWhen(true)] out Address? address, out Uri page)
    {
        page = null!;
        return Address.TryParse(text.Trim(), out address) && address.Kind == AddressKind.OpenId
            && address.Text.Length is >= MinLength and <= MaxLength
            && Uri.TryCreate(address.Text, UriKind.Absolute, out page!) && page.UserInfo.Length == 0
            && (page.Scheme == Uri.UriSchemeHttps || (page.IsLoopback && options.PageProofs!.MayConnect(System.Net.IPAddress.Loopback)));
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "The page {Address} has not said for a month whose it is; it is no address here any more")]
        public static partial void Gone(ILogger logger, string address);
    }
}

/// <summary>What became of the wish to have a web address.</summary>
internal enum ProofAnswer
{
    Proved,

    /// <summary>It is none that begins with https, or is too long.</summary>
    NoAddress,

    /// <summary>There is no such page, it leads elsewhere, is too large, or could not be asked.</summary>
    Away,

    /// <summary>The page has no such link.</summary>
    NoLink,

    /// <summary>It belongs to another account.</summary>
    Taken,

    TooOften,

    /// <summary>The person has as many as may be.</summary>
    TooMany,
}
