using System.Text;
using Likeness.Http.Answering;
using Likeness.Http.Renditions;
using Likeness.Imaging;
using Likeness.Libravatar;
using Likeness.Limits;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Likeness.Http.Resolving;

/// <summary>A request for an avatar while it is decided about.</summary>
/// <param name="site">The domain whose policy holds for people nobody knows.</param>
/// <param name="memo">What the answer depends on; begun before anything was looked at.</param>
internal sealed class AvatarRequest(AvatarSite site, AvatarQuery query, AnswerMemo memo)
{
    public AvatarSite Site => site;

    public AvatarQuery Query => query;

    public AnswerMemo Memo => memo;

    /// <summary>Whose renders are counted; null: nobody's.</summary>
    public ClientKey? Client { get; init; }

    /// <summary>It comes from a program such as this one: no further server is asked for it.</summary>
    public bool IsRelayed { get; init; }

    /// <summary>The query by the sizes of another domain.</summary>
    public Func<AvatarSizes, AvatarQuery> Read { get; init; } = _ => query;

    public RenditionWish Wish => WishOf(query);

    /// <summary>For a person the person's domain decides.</summary>
    public RenditionWish WishFor(AvatarSite other) => other == site ? Wish : WishOf(Read(other.Policy.Sizes));

    private RenditionWish WishOf(AvatarQuery query) => new(query.Size, FormatOf(query.Format), Client);

    private static ImageFormat? FormatOf(AvatarFormat format) => format switch
    {
        AvatarFormat.Jpeg => ImageFormat.Jpeg,
        AvatarFormat.Png => ImageFormat.Png,
        AvatarFormat.Gif => ImageFormat.Gif,
        AvatarFormat.WebP => ImageFormat.WebP,
        AvatarFormat.Avif => ImageFormat.Avif,
        _ => null,
    };
}

/// <summary>The part of a request target that names an avatar: what follows <c>/avatar/</c>, query included, still encoded.</summary>
internal static class AvatarTarget
{
    private const string Folder = "/avatar/";

    /// <summary>False: no hash is there.</summary>
    public static bool TryRead(ReadOnlySpan<byte> target, AvatarSizes sizes, out AvatarQuery query)
    {
        var question = target.IndexOf((byte)'?');
        var path = question < 0 ? target : target[..question];
        query = path.IsEmpty ? default : AvatarQuery.Parse(path, question < 0 ? default : target[(question + 1)..], sizes);
        return !path.IsEmpty;
    }

    /// <summary>Writes the prefix, then the target as the client sent it, or as good as that where a proxy or prefix changed it. False: there is not room enough.</summary>
    public static bool TryWrite(HttpContext context, ReadOnlySpan<byte> prefix, Span<byte> key, out int length)
    {
        var raw = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var question = raw.IndexOf('?', StringComparison.Ordinal);
        var start = raw.AsSpan(0, question < 0 ? raw.Length : question).IndexOf(Folder, StringComparison.Ordinal);
        var target = start >= 0 ? raw.AsSpan(start + Folder.Length) : Rest(context.Request.Path) + context.Request.QueryString;
        length = prefix.Length;
        if (!prefix.TryCopyTo(key) || !Encoding.UTF8.TryGetBytes(target, key[prefix.Length..], out var written))
        {
            return false;
        }

        length += written;
        return true;
    }

    /// <summary>The same for targets of any length.</summary>
    public static byte[] Of(HttpContext context, ReadOnlySpan<byte> prefix)
    {
        var key = new byte[256];
        int length;
        while (!TryWrite(context, prefix, key, out length))
        {
            key = new byte[2 * key.Length];
        }

        return key[..length];
    }

    private static string Rest(PathString path)
    {
        var value = path.Value ?? "";
        var start = value.IndexOf(Folder, StringComparison.Ordinal);
        return start < 0 ? "" : Uri.EscapeDataString(value[(start + Folder.Length)..]);
    }
}
