using System.Net;
using System.Security.Cryptography;
using Likeness.Imaging;
using Likeness.Storage;

namespace Likeness.Cli.Tests.Serving;

[Trait("Requirement", "X84-5")]
public sealed class PictureLinkTests : IDisposable
{
    private readonly TemporaryDirectory _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task The_link_of_an_upload_leads_to_exactly_the_bytes_it_tells_of()
    {
        await using (await Start())
        {
            await LikenessProgram.Run("user", "add", "juliet@example.org", "--password", "secret", "--data", _data.Path);
            (await LikenessProgram.Run("avatar", "set", "juliet@example.org", _data.Write("face.png", TestPicture.Png(600, 500)), "--data", _data.Path)).Code.ShouldBe(ExitCode.Done);
        }

        var link = await Link();
        await using var server = await Start();
        using var response = await server.Web.GetAsync(new Uri($"http://{server.Host.Addresses.Http[0]}{new Uri(link.Url).AbsolutePath}"));

        link.Url.ShouldStartWith("https://avatars.example.org/p/");
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Headers.CacheControl!.ToString().ShouldContain("immutable");
        var bytes = await response.Content.ReadAsByteArrayAsync();
        Convert.ToHexStringLower(SHA1.HashData(bytes)).ShouldBe(link.Id);
        ImageGate.TryIdentify(bytes, out var header).ShouldBeTrue();
        (bytes.Length, response.Content.Headers.ContentType!.MediaType, header!.Width, header.Height).ShouldBe((link.Length, link.MediaType, link.Width!.Value, link.Height!.Value));
    }

    private Task<RunningServer> Start() =>
        RunningServer.Start(_data.Path, options => options with { PublicUrl = new Uri("https://avatars.example.org") });

    private async Task<PictureLink> Link()
    {
        await using var stores = await Database.Open(new StorageOptions { DataDirectory = _data.Path }, TimeProvider.System);
        return (await stores.Portraits.Find(new Identity("juliet@example.org")))!.Links.ShouldHaveSingleItem();
    }
}
