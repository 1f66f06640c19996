using Likeness.Accounts;
using Likeness.Cli.Tests;
using Likeness.Cli.Tests.Serving;
using Likeness.Http.Tests.Hosting;
using Microsoft.Playwright;

namespace Likeness.Web.Tests.Browser;

/// <summary>A passkey in Chromium, whose own virtual authenticator makes and shows it.</summary>
[Trait("Category", "Integration")]
[Trait("Requirement", "P-4")]
public sealed class PasskeyInBrowserTests
{
    private const string Site = "http://faces.localhost";

    [Fact]
    [Trait("Requirement", "P-93")]
    public async Task It_is_made_shown_instead_of_the_password_asked_for_again_and_removed()
    {
        using var data = new TemporaryDirectory();
        var time = new SettableTime();
        await using var server = await RunningServer.Start(data.Path, options => options with { PublicUrl = new Uri(Site) }, time);
        (await LikenessProgram.Run("user", "add", "juliet@example.org", "--password", "verona", "--data", data.Path)).Code.ShouldBe(0);

        // A name that is a secure context without TLS, and leads to the port that the system gave.
        await using var chromium = await Chromium.Start($"--host-resolver-rules=MAP faces.localhost 127.0.0.1:{server.Host.Addresses.Http[0].Port}");
        var page = await chromium.Open();
        var devtools = await page.Context.NewCDPSessionAsync(page);
        await devtools.SendAsync("WebAuthn.enable");
        await devtools.SendAsync("WebAuthn.addVirtualAuthenticator", new()
        {
            ["options"] = new { protocol = "ctap2", transport = "internal", hasResidentKey = true, hasUserVerification = true, isUserVerified = true, automaticPresenceSimulation = true },
        });

        await page.GotoAsync($"{Site}/sign-in?return=/me/passkeys");
        await page.FillAsync("#name", "juliet");
        await page.FillAsync("#password", "verona");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await page.WaitForURLAsync($"{Site}/me/passkeys");
        await page.FillAsync("#name", "This computer");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make a passkey" }).ClickAsync();
        await page.WaitForURLAsync($"{Site}/me/passkeys?done=yes");
        (await page.Locator(".sessions strong").TextContentAsync()).ShouldBe("This computer");
        await Chromium.ShouldBeAccessible(page, "passkeys");

        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await page.WaitForURLAsync($"{Site}/");
        await page.GotoAsync($"{Site}/sign-in");
        await Chromium.ShouldBeAccessible(page, "sign-in with passkeys");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in with a passkey" }).ClickAsync();
        await page.WaitForURLAsync($"{Site}/me");

        time.Advance(WebSessions.Fresh);
        await page.GotoAsync($"{Site}/me/passkeys");
        page.Url.ShouldContain("again=yes");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in with a passkey" }).ClickAsync();
        await page.WaitForURLAsync($"{Site}/me/passkeys");
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove This computer" }).ClickAsync();
        await page.Locator(".sessions").WaitForAsync(new() { State = WaitForSelectorState.Detached });

        await page.GotoAsync($"{Site}/sign-in?again=yes");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in with a passkey" }).ClickAsync();
        await page.Locator("p[role=alert]").WaitForAsync();
    }
}
