using System.Net;
using System.Text.RegularExpressions;
using Likeness.Web.Tests.Hosting;

namespace Likeness.Web.Tests.Visits;

[Trait("Requirement", "P-14")]
[Trait("Requirement", "P-3")]
public sealed partial class InviteTests : PagesOfPeople
{
    private const string Good = "forty winks at noon";

    [Fact]
    [Trait("Requirement", "P-8")]
    public async Task Who_was_invited_opens_an_account_and_goes_on_to_the_picture()
    {
        using var nurse = new WebBrowser(Server);
        var link = await Link();
        var page = await nurse.Get(link);
        page.Headers["Referrer-Policy"].ShouldBe("no-referrer");
        foreach (var (name, password) in new[] { ("juliet", Good), ("nurse", "short"), ("nurse", "password2026"), ("n@u", Good), ("", Good), ("admin", Good) })
        {
            var refused = await nurse.Submit(page, link, ("name", name), ("password", password));
            refused.Status.ShouldBe(HttpStatusCode.UnprocessableEntity, name);
            refused.Says("[role=alert]").ShouldNotBeNullOrEmpty();
        }

        var done = await nurse.Submit(page, link, ("name", "Nurse"), ("password", Good));
        (done.Status, done.Location).ShouldBe((HttpStatusCode.SeeOther, "/me/picture"), done.Text);
        (await nurse.Follow(done)).Status.ShouldBe(HttpStatusCode.OK);
        (await nurse.Get("/me")).Text.ShouldContain("nurse@example.org");
        (await Run("user", "list")).ShouldContain("nurse@example.org");

        // It was good once.
        using var tybalt = new WebBrowser(Server);
        (await tybalt.Get(link)).Status.ShouldBe(HttpStatusCode.NotFound);
        var late = await tybalt.Post(link, [new("__RequestVerificationToken", WebBrowser.FormToken(await tybalt.Get("/sign-in"))), new("name", "tybalt"), new("password", Good)]);
        late.Status.ShouldBe(HttpStatusCode.NotFound);
        (await Run("user", "list")).ShouldNotContain("tybalt");
    }

    [Fact]
    public async Task An_invitation_for_a_name_opens_that_account_and_no_other()
    {
        using var nurse = new WebBrowser(Server);
        var link = await Link("nurse@example.org");
        var page = await nurse.Get(link);
        page.Text.ShouldContain("<b>nurse@example.org</b>");
        (await nurse.Submit(page, link, ("name", "peter"), ("password", Good))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await nurse.Submit(page, link, ("password", Good))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await nurse.Get("/me")).Text.ShouldContain("nurse@example.org");
    }

    private async Task<string> Link(params string[] whom) => "/invite/" + Token().Match(await Run(["invite", .. whom])).Groups["token"].Value;

    [GeneratedRegex("preauth=(?<token>[A-Za-z0-9]{24})", RegexOptions.ExplicitCapture)]
    private static partial Regex Token();
}
