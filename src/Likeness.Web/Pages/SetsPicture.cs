using Likeness.Imaging;
using Likeness.Stores;
using Likeness.Web.Portraits;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Likeness.Web.Pages;

/// <summary>A page on which the portrait becomes another one: what may stand against it is said in one place.</summary>
internal abstract class SetsPicture(OwnPortrait own) : SitePage
{
    protected OwnPortrait Own => own;

    /// <summary>Who beside the person decides what is shown.</summary>
    public Deciders Deciders { get; private set; } = new(null, InChats: false);

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        Deciders = await own.WhoDecides(Visitor.Account, HttpContext.RequestAborted);
        await base.OnPageHandlerExecutionAsync(context, next);
    }

    /// <summary>What the page says of the largest file.</summary>
    protected virtual string Limits => "";

    /// <summary>Does it, and goes on to the page that shows the picture; or is the same page again, saying why not.</summary>
    protected Task<IActionResult> Set(Func<Task> set, string shown = "/me/picture?done=set") => Guarded(async () =>
    {
        await set();
        return SeeOther(shown);
    });

    /// <summary>What comes of it; or the same page again, saying what stands against the picture.</summary>
    protected async Task<IActionResult> Guarded(Func<Task<IActionResult>> act)
    {
        try
        {
            return await act();
        }
        catch (ImageRefusedException refused)
        {
            return await Refused(StatusCodes.Status422UnprocessableEntity, T[refused.Reason == RefusalReason.UnknownFormat ? "picture.format" : "picture.refused", Limits]);
        }
        catch (AlbumFullException)
        {
            return await Refused(StatusCodes.Status422UnprocessableEntity, T["pictures.toomany", IAlbumStore.MaxKept]);
        }
        catch (PictureGoneException)
        {
            return await Refused(StatusCodes.Status422UnprocessableEntity, T["pictures.gone"]);
        }
        catch (PortraitLockedException)
        {
            return await Refused(StatusCodes.Status423Locked, T["me.locked"]);
        }
        catch (PictureBlockedException)
        {
            return await Refused(StatusCodes.Status422UnprocessableEntity, T["picture.blocked"]);
        }
        catch (StoreConflictException)
        {
            return await Refused(StatusCodes.Status409Conflict, T["picture.conflict"]);
        }
        catch (RenderUnavailableException)
        {
            Response.Headers.RetryAfter = "5";
            return await Refused(StatusCodes.Status503ServiceUnavailable, T["picture.busy"]);
        }
    }

    /// <summary>The page once more, with what is wrong.</summary>
    protected virtual Task<IActionResult> Refused(int status, string problem) => Task.FromResult(Refuse(status, problem));

    /// <summary>A picture for its owner's eyes.</summary>
    protected IActionResult OwnPicture(Picture picture)
    {
        Response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        Response.Headers.CacheControl = "private, max-age=3600";
        return File(picture.Bytes.ToArray(), picture.Info.MediaType);
    }
}

/// <summary>As many pictures as may be are kept already.</summary>
internal sealed class AlbumFullException : Exception;

/// <summary>The picture that was meant is not among the person's own.</summary>
internal sealed class PictureGoneException : Exception;
