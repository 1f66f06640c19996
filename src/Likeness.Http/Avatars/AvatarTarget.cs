using System.Text;
using Likeness.Libravatar;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Likeness.Http;

/// <summary>The part of a request target that names an avatar: what follows <c>/avatar/</c>, query included, still encoded.</summary>
internal static class AvatarTarget
{
    private const string Folder = "/avatar/";

    /// <summary>False: no hash is there (L-23).</summary>
    public static bool TryRead(ReadOnlySpan<byte> target, AvatarSizes sizes, out AvatarQuery query)
    {
        var question = target.IndexOf((byte)'?');
        var path = question < 0 ? target : target[..question];
        query = path.IsEmpty ? default : AvatarQuery.Parse(path, question < 0 ? default : target[(question + 1)..], sizes);
        return !path.IsEmpty;
    }

    /// <summary>The prefix, then the target as the client sent it, or as good as that where a proxy or prefix changed it (L-20).</summary>
    public static byte[] Of(HttpContext context, ReadOnlySpan<byte> prefix)
    {
        var raw = context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        var end = raw.IndexOf('?', StringComparison.Ordinal);
        var path = end < 0 ? raw.AsSpan() : raw.AsSpan(0, end);
        var start = path.IndexOf(Folder, StringComparison.Ordinal);
        return start >= 0
            ? Encode(prefix, raw.AsSpan(start + Folder.Length))
            : Encode(prefix, Rest(context.Request.Path) + context.Request.QueryString);
    }

    private static byte[] Encode(ReadOnlySpan<byte> prefix, ReadOnlySpan<char> text)
    {
        var bytes = new byte[prefix.Length + Encoding.UTF8.GetByteCount(text)];
        prefix.CopyTo(bytes);
        Encoding.UTF8.GetBytes(text, bytes.AsSpan(prefix.Length));
        return bytes;
    }

    private static string Rest(PathString path)
    {
        var value = path.Value ?? "";
        var start = value.IndexOf(Folder, StringComparison.Ordinal);
        return start < 0 ? "" : Uri.EscapeDataString(value[(start + Folder.Length)..]);
    }
}
