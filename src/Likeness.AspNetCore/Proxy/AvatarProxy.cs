using System.Security.Cryptography;
using System.Text;
using Likeness.AspNetCore.Links;
using Likeness.Libravatar;
using Likeness.Libravatar.Fetching;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Likeness.AspNetCore.Proxy;

/// <summary>Answers visitors with pictures of people, or the neutral face; nothing of the visitor goes on to an avatar server.</summary>
internal sealed class AvatarProxy(AvatarSeal seal, IAvatarClient client, IOptions<AvatarSiteOptions> options, TimeProvider? time = null)
{
    /// <summary>Stands for everybody without an address; no seal is that short.</summary>
    public const string Nobody = "nobody";

    private const byte NobodysShade = 150;

    private static readonly TimeSpan UsualTime = TimeSpan.FromHours(1);
    private static readonly TimeSpan MinTime = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan MaxTime = TimeSpan.FromDays(1);

    /// <summary>How soon a browser asks again for a picture that was still on its way.</summary>
    private static readonly TimeSpan WaitingTime = TimeSpan.FromSeconds(2);

    private readonly TimeSpan _timeout = options.Value.Timeout;
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    public async Task Answer(HttpContext context, string token)
    {
        if (token == Nobody)
        {
            await SendFace(context, NobodysShade, AvatarSizes.Standard.Largest, MaxTime);
            return;
        }

        if (token == AvatarCard.StyleSheet)
        {
            await Send(context, AvatarCard.Styles, AvatarCard.StyleType, MaxTime);
            return;
        }

        if (seal.Open(token) is not { } ticket)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            context.Response.Headers.CacheControl = "no-store";
            return;
        }

        var shade = seal.Shade(ticket.Address);
        var size = ticket.Options.Size!.Value;
        try
        {
            var result = await Fetch(ticket).WaitAsync(_timeout, _time);
            await (result.Image is { } image ? SendPicture(context, image) : SendFace(context, shade, size, MinTime));
        }
        catch (TimeoutException)
        {
            await SendFace(context, shade, size, WaitingTime);
        }
    }

    /// <summary>Without a default of the page's choice the face is ours, so the servers need not draw one.</summary>
    public static AvatarUrlOptions Wish(AvatarUrlOptions options) => options with { Default = options.Default ?? DefaultKeywords.NotFound };

    /// <summary>Goes on when the visitor is no longer waited for.</summary>
    private Task<AvatarResult> Fetch(AvatarTicket ticket) => client.FetchAsync(ticket.Address, Wish(ticket.Options));

    private static Task SendPicture(HttpContext context, FetchedImage image)
    {
        var fresh = image.MaxAge ?? UsualTime;
        return Send(context, image.Bytes, image.MediaType, fresh > MaxTime ? MaxTime : fresh < MinTime ? MinTime : fresh);
    }

    private static Task SendFace(HttpContext context, byte shade, int size, TimeSpan fresh) =>
        Send(context, Encoding.UTF8.GetBytes(NeutralFace.Svg(shade, size)), NeutralFace.MediaType, fresh);

    private static Task Send(HttpContext context, ReadOnlyMemory<byte> bytes, string mediaType, TimeSpan fresh)
    {
        var headers = context.Response.Headers;
        headers.CacheControl = $"public, max-age={(int)fresh.TotalSeconds}";
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        headers["Cross-Origin-Resource-Policy"] = "same-site";
        var tag = new EntityTagHeaderValue($"\"{WebEncoders.Base64UrlEncode(SHA256.HashData(bytes.Span).AsSpan(0, 12))}\"");
        return TypedResults.Bytes(bytes, mediaType, entityTag: tag).ExecuteAsync(context);
    }
}
