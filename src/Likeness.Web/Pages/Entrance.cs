using Likeness.Accounts;
using Likeness.Stores;
using Likeness.Web.Mails;
using Likeness.Web.Visits;
using Microsoft.AspNetCore.Http;

namespace Likeness.Web.Pages;

/// <summary>The one way in: whoever has shown who it is gets a session in this browser, in place of the one it had, and the person is told of a browser that is new.</summary>
internal sealed class Entrance(WebSessions sessions, SecondSteps steps, Notices notices)
{
    /// <summary>Lets in whom one proof is enough for; who has a second factor goes on to the page that asks for it.</summary>
    /// <inheritdoc cref="Enter(HttpContext, ProvenAccount, SignInMeans, string?)"/>
    public async Task<string?> Begin(HttpContext context, ProvenAccount proven, SignInMeans means, string? back) =>
        await steps.Begin(context.Visitor(), proven, means, back) ? "/sign-in/code" : await Enter(context, proven, means, back);

    /// <inheritdoc cref="Begin(HttpContext, ProvenAccount, SignInMeans, string?)"/>
    public async Task<string?> Begin(HttpContext context, Identity account, SignInMeans means, string? back) =>
        await sessions.ProvenBy(account, CancellationToken.None) is { } proven ? await Begin(context, proven, means, back) : null;

    /// <inheritdoc cref="Enter(HttpContext, ProvenAccount, SignInMeans, string?)"/>
    public async Task<string?> Enter(HttpContext context, Identity account, SignInMeans means, string? back) =>
        await sessions.ProvenBy(account, CancellationToken.None) is { } proven ? await Enter(context, proven, means, back) : null;

    /// <summary>Lets somebody in.</summary>
    /// <param name="back">A path of ours to go on to; null: none.</param>
    /// <returns>Where the browser goes on to; null: the account is gone, or has another password meanwhile.</returns>
    /// <exception cref="AccountRefusedException">It is disabled.</exception>
    public async Task<string?> Enter(HttpContext context, ProvenAccount proven, SignInMeans means, string? back)
    {
        var visitor = context.Visitor();
        if (await sessions.Open(proven, means, context.Request.Headers.UserAgent, visitor.Network, CancellationToken.None) is not { } opened)
        {
            return null;
        }

        var before = visitor.Session;
        if (before is not null)
        {
            // Whoever signs in once more is not there twice.
            await sessions.End(before.Account, before.Id, CancellationToken.None);
        }

        visitor.SignIn(opened.Session, opened.Token);
        if (before?.Account != opened.Session.Account)
        {
            await notices.SignedIn(opened.Session);
        }

        return back ?? "/me";
    }
}
