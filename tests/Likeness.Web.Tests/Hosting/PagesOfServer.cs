using Likeness.Cli.Tests;
using Likeness.Cli.Tests.Serving;
using Likeness.Http.Tests.Hosting;
using Likeness.Server.Options;

namespace Likeness.Web.Tests.Hosting;

/// <summary>A server in a folder of its own, on a clock that the test moves, and browsers before its pages.</summary>
public abstract class PagesOfServer : IAsyncLifetime
{
    private readonly List<WebBrowser> _browsers = [];

    private protected TemporaryDirectory Data { get; } = new();

    private protected SettableTime Time { get; } = new();

    private protected RunningServer Server { get; set; } = null!;

    public virtual async ValueTask InitializeAsync() => Server = await RunningServer.Start(Data.Path, Change, Time);

    public virtual async ValueTask DisposeAsync()
    {
        _browsers.ForEach(browser => browser.Dispose());
        await Server.DisposeAsync();
        Data.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>How this server differs from others.</summary>
    private protected virtual LikenessOptions Change(LikenessOptions options) => options;

    /// <summary>A browser that knows nobody yet.</summary>
    private protected WebBrowser Browser()
    {
        var browser = new WebBrowser(Server);
        _browsers.Add(browser);
        return browser;
    }

    /// <summary>A browser in which somebody is signed in.</summary>
    private protected async Task<WebBrowser> Browser(string name, string password)
    {
        var browser = Browser();
        await browser.SignIn(name, password);
        return browser;
    }

    /// <summary>What a command says.</summary>
    protected async Task<string> Run(params string[] command)
    {
        var ran = await LikenessProgram.Run([.. command, "--data", Data.Path]);
        ran.Error.ShouldBeEmpty();
        ran.Code.ShouldBe(0);
        return ran.Output;
    }
}
