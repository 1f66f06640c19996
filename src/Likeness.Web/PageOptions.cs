using Likeness.Libravatar.Fetching;
using Likeness.Web.Mails;

namespace Likeness.Web;

/// <summary>What the pages need to know of the server they are on.</summary>
public sealed record PageOptions
{
    /// <summary>Where this server is reached from outside; null: not known.</summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>What paths of ours are put behind, for whoever is elsewhere; null: not known.</summary>
    internal string? Root => PublicUrl?.AbsoluteUri.TrimEnd('/');

    /// <summary>How mail leaves the server; null: none does.</summary>
    public MailOptions? Mail { get; init; }

    /// <summary>Bytes of an uploaded file, at most.</summary>
    public long LargestFile { get; init; } = 10 * 1024 * 1024;

    /// <summary>Characters of a password that is chosen, at least.</summary>
    public int MinPasswordCharacters { get; init; } = 12;

    /// <summary>Whether anybody may open an account.</summary>
    public bool OpensAccounts { get; init; }

    /// <summary>Whether who administers has to sign in with more than a password.</summary>
    public bool AdministratorsNeedSecondFactor { get; init; }

    /// <summary>Sites that vouch for people (OpenID Connect); they want <see cref="PublicUrl"/>.</summary>
    public IReadOnlyList<ProviderOptions> Providers { get; init; } = [];

    /// <summary>An account's own address is a mailbox of the same person.</summary>
    public bool AccountsAreMailboxes { get; init; }

    /// <summary>Hosts of apps that send people here to change their picture, and to which a link leads back: <c>host</c> or <c>host:port</c>, lower-case.</summary>
    public IReadOnlyList<string> ReturnHosts { get; init; } = [];

    /// <summary>Where an app wants people back that sent them here; null: it is not one that the operator named.</summary>
    internal Uri? ReturnTo(string? text) =>
        text is { Length: < 2048 } && Uri.TryCreate(text, UriKind.Absolute, out var back) && back is { UserInfo: "" }
        && (back.Scheme == Uri.UriSchemeHttps || (back.Scheme == Uri.UriSchemeHttp && back.IsLoopback))
        && ReturnHosts.Contains(back.IsDefaultPort ? back.IdnHost.ToLowerInvariant() : $"{back.IdnHost.ToLowerInvariant()}:{back.Port}", StringComparer.Ordinal)
            ? back
            : null;

    /// <summary>How pages are fetched that prove whose they are; null: none is.</summary>
    public SafeFetchOptions? PageProofs { get; init; }

    /// <summary>Whether chats are served here.</summary>
    public bool HasChats { get; init; } = true;

    /// <summary>What else the settings make of this server, for whoever wants to know what becomes of their data.</summary>
    public PrivacyFacts Privacy { get; init; } = new();

    /// <summary>Whether pictures of people of this domain can be shown here: one of another domain where the gateway is on.</summary>
    public Func<string, bool> Shows { get; init; } = _ => false;
}

/// <summary>A site that vouches for people (OpenID Connect).</summary>
/// <param name="Name">As it is called on the pages and in their addresses.</param>
/// <param name="Issuer">As it calls itself.</param>
/// <param name="ClientId">As it calls this server.</param>
/// <param name="Secret">That both know; null: none, the proof of the code (PKCE) alone.</param>
public sealed record ProviderOptions(string Name, Uri Issuer, string ClientId, string? Secret);

/// <summary>What the privacy page says beside what the pages know themselves.</summary>
public sealed record PrivacyFacts
{
    /// <summary>People here talk to people of other chat servers.</summary>
    public bool TalksToOtherServers { get; init; }

    /// <summary>What is said in chats is archived, for as long as the domain says.</summary>
    public bool KeepsArchives { get; init; }

    /// <summary>How long files that are shared in chats are kept; null: none are shared.</summary>
    public TimeSpan? SharedFiles { get; init; }

    /// <summary>Pictures of people of other domains are fetched for whoever asks here.</summary>
    public bool AsksOtherDomains { get; init; }

    /// <summary>Whom to write to, as URIs.</summary>
    public IReadOnlyList<string> Contacts { get; init; } = [];
}
