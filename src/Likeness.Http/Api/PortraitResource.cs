using System.Globalization;
using Likeness.Http.Renditions;
using Likeness.Http.Uploads;
using Microsoft.AspNetCore.Http;

namespace Likeness.Http.Api;

/// <summary><c>/api/v1/portraits/{address}</c>: read, set and take away.</summary>
internal sealed class PortraitResource(
    PortraitDoor door,
    PortraitBook book,
    AddressBook addresses,
    PortraitActs acts,
    UploadPlaces places,
    Painter painter,
    DomainPolicies policies,
    ApiOptions options)
{
    public async Task<IResult> Get(HttpContext context, string address)
    {
        var (named, owner) = await door.Owner(context, address);
        var portrait = await door.Shown(owner, context.RequestAborted) ?? throw ApiRefusedException.NotFound();
        return PortraitConditions.IsNotModified(context.Request, Tag(context, portrait))
            ? Results.StatusCode(StatusCodes.Status304NotModified)
            : Results.Json(door.Describe(named, portrait), ApiJson.Default.PortraitDocument);
    }

    /// <summary>A square rendition of <c>?size=</c> pixels; without it the master, or where there is none the chat picture in its own size. What came by chat is never given as it came.</summary>
    public async Task<IResult> GetPicture(HttpContext context, string address, string? size = null)
    {
        var (_, owner) = await door.Owner(context, address);
        if (await door.Shown(owner, context.RequestAborted) is not { Source: { } source } shown)
        {
            throw ApiRefusedException.NotFound("There is no picture of this address.");
        }

        var largest = policies.For(owner.Domain).Sizes.Largest;
        var pixels = SizeOf(size, largest) ?? (source == shown.Master ? null : Math.Clamp(Math.Min(source.Width, source.Height), 1, largest));
        var (bytes, mediaType, tag) = await Picture(source, pixels, context.RequestAborted);
        context.Response.Headers.ETag = tag;
        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        return PortraitConditions.IsNotModified(context.Request, tag)
            ? Results.StatusCode(StatusCodes.Status304NotModified)
            : Results.Bytes(bytes, mediaType);
    }

    public async Task<IResult> Put(HttpContext context, string address)
    {
        var cancellationToken = context.RequestAborted;
        var (named, owner) = await door.Owner(context, address);
        var before = await Checked(context.Request, owner, cancellationToken);
        await ApiBody.Receive(context.Request, options.LargestFile, cancellationToken);
        using var place = await places.Enter(cancellationToken);
        var bytes = await place.Read(context.Request.Body, cancellationToken);

        // From here on nobody can hang up: a renderer may be reading from the place.
        var portrait = await acts.Set(owner, named, bytes, ApiCaller.Of(context).Cause, condition: AsShown(context.Request));
        Tag(context, portrait);
        return Results.Json(
            door.Describe(named, portrait),
            ApiJson.Default.PortraitDocument,
            statusCode: before is null ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    public async Task<IResult> Delete(HttpContext context, string address)
    {
        var (_, owner) = await door.Owner(context, address);
        _ = await Checked(context.Request, owner, context.RequestAborted) ?? throw ApiRefusedException.NotFound();

        var portrait = await acts.Clear(owner, ApiCaller.Of(context).Cause, condition: AsShown(context.Request), cancellationToken: context.RequestAborted)
            ?? throw ApiRefusedException.NotFound();
        Tag(context, portrait);
        return Results.NoContent();
    }

    public async Task<IResult> SetVisibility(HttpContext context, string address)
    {
        var (named, owner) = await door.Owner(context, address);
        if (await addresses.Find(named, context.RequestAborted) is null && await door.Shown(owner, context.RequestAborted) is null)
        {
            throw ApiRefusedException.NotFound();
        }

        var wish = await ApiBody.Json(context.Request, ApiJson.Default.VisibilityDocument, context.RequestAborted);
        var (wanted, widest) = (VisibilityOf(wish.Visibility), book.Defaults.Widest(owner));
        if (wanted < widest)
        {
            throw new ApiRefusedException(StatusCodes.Status422UnprocessableEntity, $"At {owner.Domain} the widest visibility is {PortraitDoor.VisibilityName(widest)}.");
        }

        var portrait = await acts.SetVisibility(
            owner,
            wanted,
            ApiCaller.Of(context).Cause,
            now => PortraitConditions.Check(context.Request, now.Version > 0 ? now : null),
            context.RequestAborted);
        Tag(context, portrait);
        return Results.Json(door.Describe(named, portrait), ApiJson.Default.PortraitDocument);
    }

    // Checked again where nobody can come in between: somebody else may have written while the picture was on its way.
    private static Action<Portrait> AsShown(HttpRequest request) => now => PortraitConditions.Check(request, now.IsShown ? now : null);

    private static string Tag(HttpContext context, Portrait portrait)
    {
        var tag = PortraitConditions.TagOf(portrait);
        context.Response.Headers.ETag = tag;
        return tag;
    }

    private static Visibility VisibilityOf(string? name) => name switch
    {
        "public" => Visibility.Public,
        "contacts" => Visibility.Contacts,
        "nobody" => Visibility.Nobody,
        _ => throw new ApiRefusedException(StatusCodes.Status422UnprocessableEntity, "The visibility is public, contacts or nobody."),
    };

    private static int? SizeOf(string? text, int largest) => text switch
    {
        null => null,
        _ when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size > 0 && size <= largest => size,
        _ => throw new ApiRefusedException(StatusCodes.Status422UnprocessableEntity, $"The size is a number of pixels from 1 to {largest}."),
    };

    private async ValueTask<(ReadOnlyMemory<byte> Bytes, string MediaType, string Tag)> Picture(PictureInfo source, int? size, CancellationToken cancellationToken)
    {
        if (size is { } pixels)
        {
            var rendition = await painter.Picture(source, null, () => book.Read(source.Id, cancellationToken), new RenditionWish(pixels, null, null), cancellationToken)
                ?? throw new ApiRefusedException(StatusCodes.Status422UnprocessableEntity, "This picture cannot be drawn.");
            return (rendition.Bytes, rendition.MediaType, rendition.EntityTag);
        }

        var picture = await book.Read(source.Id, cancellationToken) ?? throw ApiRefusedException.NotFound("There is no picture of this address.");
        return (picture.Bytes, picture.Info.MediaType, $"\"{picture.Id}\"");
    }

    private async ValueTask<Portrait?> Checked(HttpRequest request, Identity owner, CancellationToken cancellationToken)
    {
        var portrait = await door.Shown(owner, cancellationToken);
        PortraitConditions.Check(request, portrait);
        return portrait;
    }
}
