using Likeness.Libravatar;

namespace Likeness;

/// <summary>What a domain's operator decided.</summary>
public sealed record DomainPolicy
{
    /// <summary>Lower-case domain.</summary>
    public required string Domain { get; init; }

    /// <summary>Its chats are served here; false: its people are on a chat server beside this one.</summary>
    public bool Chats { get; init; } = true;

    /// <summary>Host names under which this domain's avatars are asked for, each with everything below it, lower-case A-labels; empty: <see cref="Domain"/>.</summary>
    public IReadOnlyList<string> WebHosts { get; init; } = [];

    /// <summary>For portraits whose owner chose nothing.</summary>
    public Visibility DefaultVisibility { get; init; } = Visibility.Public;

    /// <summary>The widest that people of the domain may choose, and are shown whatever they chose; <see cref="DefaultVisibility"/> is no wider.</summary>
    public Visibility WidestVisibility { get; init; } = Visibility.Public;

    /// <summary>Shown for unknown people: a face's name, or the name of a file the operator supplied.</summary>
    public string DefaultFace { get; init; } = "mm";

    /// <summary>Sizes of pictures on the web.</summary>
    public AvatarSizes Sizes { get; init; } = AvatarSizes.Standard;

    /// <summary>False: only SHA-256 hashes stand for people of this domain.</summary>
    public bool Md5 { get; init; } = true;

    /// <summary>Where a URL in <c>d</c> may lead.</summary>
    public IReadOnlyList<TrustedDefault> TrustedDefaults { get; init; } = [];

    /// <summary>Whether Gravatar is asked about people nobody here knows.</summary>
    public GravatarMode Gravatar { get; init; } = GravatarMode.Off;

    /// <summary>Whether the metadata in chats also links to large pictures on the web.</summary>
    public bool PictureLinks { get; init; } = true;

    /// <summary>Seconds browsers may keep an avatar.</summary>
    public int CacheSeconds { get; init; } = 300;

    /// <summary>Seconds browsers may keep what stands in for an avatar; null: <see cref="CacheSeconds"/>.</summary>
    public int? DefaultCacheSeconds { get; init; }

    /// <summary>Tags with which every address of the domain is answered too.</summary>
    public PlusTags PlusTags { get; init; } = PlusTags.None;

    /// <summary>The address whose portrait is shown for unknown people of the domain; null: none.</summary>
    public Address? CatchAll { get; init; }

    /// <summary>Days for which archives keep what was said; 0: for good.</summary>
    public int ArchiveDays { get; init; } = 31;

    /// <summary>Largest in-band picture that chats may publish, bytes.</summary>
    public int LargestChatPicture { get; init; } = 256 * 1024;

    /// <summary>Whether people are told where their portraits are seen.</summary>
    public SeenCounting Seen { get; init; } = SeenCounting.Counts;

    /// <summary>Of the domain's pages.</summary>
    public PageLook Look { get; init; } = new();
}

/// <summary>How the pages of a domain look.</summary>
public sealed record PageLook
{
    /// <summary>Of links and buttons, as CSS writes it, on light pages and on dark ones; null: that of Likeness.</summary>
    public (string Light, string Dark)? Accent { get; init; }

    /// <summary>Before the domain's name on light pages and, where it is another one, on dark ones; empty: that of Likeness.</summary>
    public IReadOnlyList<PageLogo> Logos { get; init; } = [];
}

/// <summary>A domain's own logo, as it is served.</summary>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
public sealed record PageLogo(ReadOnlyMemory<byte> Bytes, string MediaType, int Width, int Height);

/// <summary>What is done for people this server does not know.</summary>
public enum GravatarMode
{
    /// <summary>Nothing leaves this server.</summary>
    Off,

    /// <summary>The browser is sent to Gravatar, which then sees who asks.</summary>
    Redirect,

    /// <summary>This server asks, with nothing of the browser's.</summary>
    Proxy,
}
