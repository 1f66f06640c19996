using System.Net;
using Likeness.Web.Tests.Hosting;

namespace Likeness.Web.Tests.Visits;

/// <summary>A server that mailed, and does not any more: nothing that needs a mail is begun.</summary>
[Trait("Requirement", "P-80")]
public sealed class WithoutMailTests : MailedPages
{
    [Fact]
    public async Task Nothing_that_needs_a_mail_is_offered_or_begun()
    {
        (await Post(Juliet, "Add", Mantua)).Location.ShouldBe("/me/addresses?done=sent");
        await Mails.Next();
        await Server.DisposeAsync();
        Server = await Cli.Tests.Serving.RunningServer.Start(Data.Path, options => base.Change(options) with { Mail = null }, Time);
        var juliet = await Browser(JulietsAddress, Password);

        (await juliet.Get("/me/addresses")).Html.QuerySelector("form[action='/me/addresses?handler=Add']").ShouldBeNull();
        (await Post(juliet, "Add", "other@mantua.example")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await Post(juliet, "Again", Mantua)).Location.ShouldBe("/me/addresses");
        foreach (var page in new[] { "/me/move", "/me/providers" })
        {
            (await juliet.Get(page)).Status.ShouldBe(HttpStatusCode.NotFound, page);
        }

        (await juliet.Post("/me/move", [new("__RequestVerificationToken", WebBrowser.FormToken(await juliet.Get("/me")))])).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    private static async Task<Answer> Post(WebBrowser browser, string handler, string address) =>
        await browser.Post("/me/addresses?handler=" + handler, [new("__RequestVerificationToken", WebBrowser.FormToken(await browser.Get("/me/addresses"))), new("address", address)]);
}
