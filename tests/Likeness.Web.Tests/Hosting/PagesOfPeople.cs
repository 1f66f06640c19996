using System.Net;
using Likeness.Cli.Tests.Serving;

namespace Likeness.Web.Tests.Hosting;

/// <summary>A server with Juliet and Romeo, each in a browser of their own.</summary>
public abstract class PagesOfPeople : PagesOfServer
{
    protected const string JulietsAddress = "juliet@example.org";
    protected const string RomeosAddress = "romeo@example.org";
    protected const string Password = "verona";

    private protected WebBrowser Juliet { get; private set; } = null!;

    private protected WebBrowser Romeo { get; private set; } = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        foreach (var account in new[] { JulietsAddress, RomeosAddress })
        {
            await Run("user", "add", account, "--password", Password);
        }

        (Juliet, Romeo) = (await Browser(JulietsAddress, Password), await Browser(RomeosAddress, Password));
    }

    /// <summary>What a site is shown of the address; null: no picture.</summary>
    protected async Task<byte[]?> Web(string address, int size = 64)
    {
        using var response = await Server.Web.GetAsync(Server.Avatar(address, $"d=404&s={size}"));
        return response.StatusCode == HttpStatusCode.OK ? await response.Content.ReadAsByteArrayAsync() : null;
    }
}
