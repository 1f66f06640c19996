using Likeness.Accounts;
using Likeness.Cli.Tests;
using Likeness.Cli.Tests.Serving;

namespace Likeness.Web.Tests.Browser;

[Trait("Category", "Integration")]
public sealed class SignUpInBrowserTests
{
    [Fact]
    [Trait("Requirement", "P-3")]
    public async Task A_browser_does_the_sum_that_is_wanted_of_who_opens_many_accounts()
    {
        using var data = new TemporaryDirectory();
        await using var server = await RunningServer.Start(data.Path, options => options with { Chat = options.Chat with { Registration = Registration.Open } });
        await using var chromium = await Chromium.Start();
        var root = $"http://{server.Host.Addresses.Http[0]}";
        foreach (var name in new[] { "peter", "paul", "mary" })
        {
            var page = await chromium.Open();
            await page.GotoAsync(root + "/sign-up");
            (await page.Locator("input[name=work]").CountAsync()).ShouldBe(name == "mary" ? 1 : 0);
            await page.FillAsync("#name", name);
            await page.FillAsync("#password", "some words in a row");
            await page.Locator("main button.main").ClickAsync();
            await page.WaitForURLAsync(root + "/me/picture");
        }
    }
}
