using Likeness.Http.Gateway;
using Likeness.Http.Gravatar;

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

    /// <summary>Renders that may run or wait at a moment, faces half as many.</summary>
    public int MaxRenders { get; init; } = 256;

    /// <summary>Renders that one client address may cause in a minute, all at once if it likes; 0: any number (L-5B).</summary>
    public int RendersPerMinute { get; init; } = 600;

    /// <summary>Where this server is reached from outside; null: not known.</summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>How Gravatar is asked, where a domain wants that.</summary>
    public GravatarOptions Gravatar { get; init; } = new();

    /// <summary>Whether and how other domains' servers are asked for applications.</summary>
    public GatewayOptions Gateway { get; init; } = new();
}
