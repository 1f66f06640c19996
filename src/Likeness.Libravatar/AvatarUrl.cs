using System.Globalization;

namespace Likeness.Libravatar;

/// <summary>Writes an avatar's URL; pure, asks nobody.</summary>
public static class AvatarUrl
{
    private const int Smallest = 1;
    private const int Largest = 512;

    /// <summary><c>{base}/avatar/{hash}</c> and the options that were given, in the order d, s, f.</summary>
    public static string Build(AvatarBase server, Address address, AvatarUrlOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        options ??= AvatarUrlOptions.Standard;
        return Build(server, address.HashToAsk(options.UseSha256), options);
    }

    /// <summary>As <see cref="Build(AvatarBase, Address, AvatarUrlOptions)"/>, for somebody of whom only a hash is known.</summary>
    public static string Build(AvatarBase server, AddressHash hash, AvatarUrlOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(server);
        options ??= AvatarUrlOptions.Standard;
        var fallback = string.IsNullOrEmpty(options.Default) ? "" : "?d=" + Uri.EscapeDataString(options.Default);
        var size = options.Size is { } pixels and not 0 ? Math.Clamp(pixels, Smallest, Largest) : 0;
        var sizeMark = size == 0 ? "" : fallback.Length == 0 ? "?s=" : "&s=";
        var forceMark = !options.ForceDefault ? "" : fallback.Length + size == 0 ? "?f=y" : "&f=y";
        return size == 0
            ? string.Concat([server.Text, "/avatar/", hash.Text, fallback, forceMark])
            : string.Create(CultureInfo.InvariantCulture, stackalloc char[256], $"{server.Text}/avatar/{hash.Text}{fallback}{sizeMark}{size}{forceMark}");
    }
}
