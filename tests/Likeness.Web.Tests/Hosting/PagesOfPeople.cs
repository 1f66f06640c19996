using System.Net;
using Likeness.Cli.Tests;
using Likeness.Cli.Tests.Serving;
using Likeness.Http.Tests.Hosting;
using Likeness.Server.Options;

namespace Likeness.Web.Tests.Hosting;

/// <summary>A server with Juliet and Romeo, each in a browser of their own.</summary>
public abstract class PagesOfPeople : IAsyncLifetime
{
    protected const string JulietsAddress = "juliet@example.org";
    protected const string RomeosAddress = "romeo@example.org";
    protected const string Password = "verona";

    private protected TemporaryDirectory Data { get; } = new();

    private protected SettableTime Time { get; } = new();

    private protected RunningServer Server { get; private set; } = null!;

    private protected WebBrowser Juliet { get; private set; } = null!;

    private protected WebBrowser Romeo { get; private set; } = null!;

    public virtual async ValueTask InitializeAsync()
    {
        Server = await RunningServer.Start(Data.Path, Change, Time);
        (Juliet, Romeo) = (new WebBrowser(Server), new WebBrowser(Server));
        foreach (var (browser, account) in new[] { (Juliet, JulietsAddress), (Romeo, RomeosAddress) })
        {
            await Run("user", "add", account, "--password", Password);
            await browser.SignIn(account, Password);
        }
    }

    public virtual async ValueTask DisposeAsync()
    {
        Juliet.Dispose();
        Romeo.Dispose();
        await Server.DisposeAsync();
        Data.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>How this server differs from others.</summary>
    private protected virtual LikenessOptions Change(LikenessOptions options) => options;

    /// <summary>What a command says.</summary>
    protected async Task<string> Run(params string[] command)
    {
        var ran = await LikenessProgram.Run([.. command, "--data", Data.Path]);
        ran.Error.ShouldBeEmpty();
        ran.Code.ShouldBe(0);
        return ran.Output;
    }

    /// <summary>What a site is shown of the address; null: no picture.</summary>
    protected async Task<byte[]?> Web(string address, int size = 64)
    {
        using var response = await Server.Web.GetAsync(Server.Avatar(address, $"d=404&s={size}"));
        return response.StatusCode == HttpStatusCode.OK ? await response.Content.ReadAsByteArrayAsync() : null;
    }
}
