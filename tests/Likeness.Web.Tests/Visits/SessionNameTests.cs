using Likeness.Web.Language;
using Likeness.Web.Pages;
using Microsoft.AspNetCore.Http;

namespace Likeness.Web.Tests.Visits;

/// <summary>How the page of sessions calls a browser.</summary>
[Trait("Requirement", "P-10")]
public sealed class SessionNameTests
{
    [Theory]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux")]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0", "Edge on Windows")]
    [InlineData("Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36", "Chrome on Android")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1", "Safari on iPhone")]
    [InlineData("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15", "Safari on macOS")]
    [InlineData("Firefox/140.0", "Firefox")]
    [InlineData("curl/8.1", "curl/8.1")]
    [InlineData("?", "A program that does not say its name")]
    public void A_browser_is_called_as_people_call_it(string agent, string name) =>
        SessionsModel.NameOf(agent, Words.Of(new DefaultHttpContext())).ShouldBe(name);
}
