using System.Diagnostics;
using Likeness.Cli.Tests;
using Likeness.Cli.Tests.Serving;
using Likeness.Web.Tests.Hosting;
using Likeness.Xmpp;
using Likeness.Xmpp.Client;
using Likeness.Xmpp.Client.Avatars;
using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Xml;
using Microsoft.Playwright;

namespace Likeness.Web.Tests.Browser;

/// <summary>Somebody with a browser alone, from the link they were sent to a face on the web and in the chat of a friend.</summary>
[Trait("Category", "Integration")]
public sealed class FirstDayTests : PagesOfPeople
{
    private const string Nurse = "nurse@example.org";
    private const string NursesPassword = "forty winks at noon";
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    private static string? Screenshots => Environment.GetEnvironmentVariable("LIKENESS_SCREENSHOTS") is { Length: > 0 } folder ? folder : null;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Requirement", "P-30")]
    [Trait("Requirement", "P-94")]
    public async Task From_an_invitation_to_a_portrait_that_a_contact_sees_in_under_two_minutes(bool script)
    {
        await using var romeo = await LogIn(RomeosAddress, Password);
        var invited = await Run("invite", "--contact", RomeosAddress);
        var token = invited[(invited.IndexOf("preauth=", StringComparison.Ordinal) + 8)..][..24];
        await using var chromium = await Chromium.Start();
        var page = await chromium.Open(script: script);
        var clock = Stopwatch.StartNew();

        await page.GotoAsync($"{Juliet.Root}/");
        await Picture(page, script, "front");

        // The link, the account, the picture: three forms.
        await page.GotoAsync($"{Juliet.Root}/invite/{token}");
        await page.FillAsync("#name", "nurse");
        await page.FillAsync("#password", NursesPassword);
        await Picture(page, script, "invite");
        await page.GetByRole(AriaRole.Button, new() { Name = "Open the account" }).ClickAsync();
        await page.WaitForURLAsync("**/me/picture");
        await page.SetInputFilesAsync("#picture", Face("wavatar"));
        if (script)
        {
            await page.WaitForFunctionAsync("() => Number(document.getElementById('size').value) > 0");
        }

        await Picture(page, script, "crop");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show this picture everywhere" }).ClickAsync();
        await page.WaitForURLAsync("**/me/picture?done=set");
        await Picture(page, script, "seen");
        (await Web(Nurse)).ShouldNotBeNull("sites show it");
        (await Photo(romeo)).ShouldNotBeNull("her contact sees it in his chat");
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromMinutes(2));

        // Contacts only: gone from the web, still in the chat.
        await page.GotoAsync($"{Juliet.Root}/me/visibility");
        await page.CheckAsync("input[value=contacts]");
        await Picture(page, script, "visibility");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await page.WaitForURLAsync("**/me?done=visibility");
        (await Web(Nurse)).ShouldBeNull();
        (await Photo(romeo)).ShouldNotBeNull();
        await Picture(page, script, "me");
        if (script && Screenshots is not null)
        {
            await Tour(page);
        }
    }

    // For the documentation alone: pages that other tests walk.
    private async Task Tour(IPage page)
    {
        await page.GotoAsync($"{Juliet.Root}/me/visibility");
        await page.CheckAsync("input[value=public]");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await page.WaitForURLAsync("**/me?done=visibility");
        await page.GotoAsync($"{Juliet.Root}/me/check");
        await page.Locator("main button").First.ClickAsync();
        await page.Locator(".checked li").First.WaitForAsync();
        await Picture(page, script: true, "check");

        await Juliet.Upload(await Juliet.Get("/me/picture"), "/me/picture", Face("robohash").Buffer);
        await Romeo.Upload(await Romeo.Get("/me/picture"), "/me/picture", Face("monsterid").Buffer);
        await Run("admin", "add", Nurse);
        foreach (var (path, name) in new[] { ("/admin/pictures", "pictures"), ($"/admin/person?account={JulietsAddress}", "person") })
        {
            await page.GotoAsync(Juliet.Root + path);
            await Picture(page, script: true, name);
        }
    }

    [Fact]
    public async Task What_is_changed_in_a_chat_is_on_the_open_page_without_loading_it_again_and_the_other_way_round()
    {
        await using var chromium = await Chromium.Start();
        var page = await chromium.Open();
        await page.GotoAsync($"{Juliet.Root}/sign-in");
        await page.FillAsync("#name", "juliet");
        await page.FillAsync("#password", Password);
        await page.Locator("main button.main").ClickAsync();
        await page.WaitForURLAsync("**/me");
        await page.EvaluateAsync("() => { window.same = true; }");

        await using var phone = await LogIn(JulietsAddress, Password);
        await new AvatarPublisher(phone).Publish(TestPicture.Png(64, 64));
        await page.WaitForFunctionAsync("() => document.getElementById('own').src.includes('/me/picture/') && document.querySelectorAll('li.yes').length === 3");
        await page.WaitForFunctionAsync("() => document.getElementById('own').naturalWidth === 512");
        await page.GetByRole(AriaRole.Button, new() { Name = "Take my picture away" }).WaitForAsync();
        (await page.EvaluateAsync<bool>("() => window.same")).ShouldBeTrue();

        await page.GetByRole(AriaRole.Button, new() { Name = "Take my picture away" }).ClickAsync();
        await page.WaitForURLAsync("**/me?done=removed");
        (await phone.Photo()).ShouldBeNull();
        await page.GetByRole(AriaRole.Button, new() { Name = "Put it back" }).ClickAsync();
        await page.WaitForURLAsync("**/me?done=restored");
        (await phone.Photo()).ShouldBe(TestPicture.Png(64, 64));
    }

    private async Task<XmppClient> LogIn(string account, string password)
    {
        var server = Server.Host.Addresses.Xmpp[0];
        var client = await XmppClient.Connect(new XmppClientOptions
        {
            Account = Jid.Parse($"{account}/balcony"),
            Password = password,
            Host = server.Address.ToString(),
            Port = server.Port,
            AcceptCertificate = XmppClientOptions.AcceptAny,
            Reconnects = false,
        });
        await client.Send(new Element("presence", Ns.Client));
        return client;
    }

    private static async Task<byte[]?> Photo(XmppClient asker)
    {
        using var timeout = new CancellationTokenSource(Timeout);
        var result = await asker.Request(new Element("iq", Ns.Client).Set("type", "get").Set("to", Nurse).Add(new Element("vCard", Ns.VCard)), timeout.Token);
        return result.Child("vCard", Ns.VCard) is { } card ? Xep0054VCard.ReadPhoto(card).Bytes : null;
    }

    private FilePayload Face(string kind)
    {
        using var face = Server.Web.GetAsync(new Uri($"{Juliet.Root}/avatar/{Libravatar.AddressHash.Sha256("nurse").Text}?d={kind}&s=512")).GetAwaiter().GetResult();
        return new FilePayload { Name = "me.png", MimeType = "image/png", Buffer = face.Content.ReadAsByteArrayAsync().GetAwaiter().GetResult() };
    }

    private static async Task Picture(IPage page, bool script, string name)
    {
        if (script && Screenshots is { } folder)
        {
            await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"day-{name}.png") });
        }
    }
}
