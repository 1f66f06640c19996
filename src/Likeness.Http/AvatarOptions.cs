using Likeness.Libravatar;
using Likeness.Libravatar.Caching;
using Likeness.Libravatar.Discovery;
using Likeness.Libravatar.Fetching;

namespace Likeness.Http;

/// <summary>What an operator may set about avatars on the web, for all domains alike.</summary>
public sealed record AvatarOptions
{
    /// <summary>Bytes of memory for renditions of people's pictures.</summary>
    public long PictureMemory { get; init; } = 64L * 1024 * 1024;

    /// <summary>Bytes of memory for generated faces.</summary>
    public long FaceMemory { get; init; } = 16L * 1024 * 1024;

    /// <summary>Bytes of memory that prepared answers may hold, pictures included.</summary>
    public long AnswerMemory { get; init; } = 64L * 1024 * 1024;

    /// <summary>Where renditions are kept across restarts; null: nowhere.</summary>
    public string? Folder { get; init; }

    /// <summary>Bytes the folder may hold.</summary>
    public long FolderBytes { get; init; } = 1024L * 1024 * 1024;

    /// <summary>How long a prepared answer is repeated before portrait and address are looked up again; changes made through this process are seen at once regardless.</summary>
    public TimeSpan AnswerLifetime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Renders that go on at a moment: as many as there are workers.</summary>
    public int RenderWorkers { get; init; } = Environment.ProcessorCount;

    /// <summary>Renders that may wait at a moment; one client's and all faces half as many, one picture's or person's a quarter.</summary>
    public int MaxRenders { get; init; } = 256;

    /// <summary>How long a render may wait for a worker before its asker is told to come back.</summary>
    public TimeSpan MaxRenderWait { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Renders that one client address may cause in a minute, all at once if it likes; 0: any number.</summary>
    public int RendersPerMinute { get; init; } = 600;

    /// <summary>Where this server is reached from outside; null: not known.</summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>How Gravatar is asked, where a domain wants that.</summary>
    public GravatarOptions Gravatar { get; init; } = new();

    /// <summary>Whether and how other domains' servers are asked for applications.</summary>
    public GatewayOptions Gateway { get; init; } = new();
}

/// <summary>How Gravatar is asked; whether it is asked at all is each domain's decision.</summary>
public sealed record GravatarOptions
{
    private const string Site = "gravatar.com";

    /// <summary>Where its avatars are, without <c>avatar/</c>.</summary>
    public Uri Base { get; init; } = new("https://secure.gravatar.com/");

    /// <summary>What a fetch may do: five seconds, one mebibyte, no host but Gravatar's.</summary>
    public SafeFetchOptions Fetch { get; init; } = new()
    {
        MaxBodyBytes = 1024 * 1024,
        MaxRedirects = 3,
        MayVisit = host => host == Site || host.EndsWith("." + Site, StringComparison.Ordinal),
    };

    /// <summary>Fetches at a moment; who comes then is shown the default, for a short time.</summary>
    public int MaxFetches { get; init; } = 16;

    /// <summary>Bytes of memory for what was fetched and made square.</summary>
    public long Memory { get; init; } = 16L * 1024 * 1024;

    /// <summary>How long Gravatar's "no" is believed.</summary>
    public TimeSpan MissLifetime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long it is left alone about somebody after a failure.</summary>
    public TimeSpan FailureLifetime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a picture is shown when Gravatar says less or nothing; an hour at most.</summary>
    public TimeSpan HitLifetime { get; init; } = TimeSpan.FromMinutes(5);
}

/// <summary>Whether other domains' avatars are served to applications that know no federation, and within which bounds.</summary>
public sealed record GatewayOptions
{
    public bool IsOn { get; init; }

    /// <summary>Lower-case A-labels of the domains that may be asked for; empty: every domain.</summary>
    public IReadOnlyList<string> Domains { get; init; } = [];

    /// <summary>How the domains' servers are found and asked: never a central server, http where there is no https.</summary>
    public AvatarClientOptions Client { get; init; } = new()
    {
        Scheme = SchemePolicy.PreferHttps,
        Fallback = FallbackPolicy.None,
        Discovery = new DiscoveryOptions { Timeout = TimeSpan.FromSeconds(2) },
        Cache = new ImageCacheOptions { MemoryBytes = 8 * 1024 * 1024 },
    };

    /// <summary>Fetches at a moment; who comes then is shown the default, for a short time.</summary>
    public int MaxFetches { get; init; } = 16;

    /// <summary>Bytes of memory for what was fetched and made square.</summary>
    public long Memory { get; init; } = 16L * 1024 * 1024;

    /// <summary>How long a picture is shown before its server is asked again.</summary>
    public TimeSpan HitLifetime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long it is believed that there is no picture to be had.</summary>
    public TimeSpan MissLifetime { get; init; } = TimeSpan.FromMinutes(1);
}
