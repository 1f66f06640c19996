using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Likeness.Cli.Tests;
using Likeness.Interop.Tests.Hosting;
using Likeness.Libravatar;
using Likeness.Xmpp.Client.Avatars;

namespace Likeness.Interop.Tests;

/// <summary>A picture that is a script besides: chats carry it byte for byte, the web never shows a byte of the script.</summary>
[Trait("Category", "Integration")]
public sealed class PolyglotAvatarTests : IDisposable
{
    private const string Script = "<script>alert('I am no picture at all')</script>";

    private readonly HttpClient _web = new();

    public void Dispose() => _web.Dispose();

    [Fact]
    [Trait("Requirement", "L-105")]
    public async Task A_script_in_an_avatar_comes_by_chat_as_it_was_published_and_never_by_HTTP()
    {
        await using var stage = await Stage.Open();
        await using var juliet = await stage.LogIn(Stage.Juliet, "balcony");
        byte[] polyglot = [.. TestPicture.Png(64, 64), .. Encoding.ASCII.GetBytes(Script)];
        await new AvatarPublisher(juliet).Publish(polyglot);
        var token = (await ExternalProgram.Likeness(stage.Data, "token", "add", "reader", "--read-only")).Output.Trim();
        _web.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);

        (await juliet.DataOf(Stage.Juliet)).ShouldBe(polyglot);
        var hash = AddressHash.Md5(Stage.Juliet);
        var id = Convert.ToHexStringLower(SHA1.HashData(polyglot));
        string[] paths =
        [
            $"/avatar/{hash}", $"/avatar/{hash}?s=64", $"/avatar/{hash}.png?s=64", $"/avatar/{hash}.jpg", $"/avatar/{hash}.gif?s=64", $"/avatar/{hash}.webp?s=64",
            $"/p/{id}/64.png", $"/p/{id}/32.jpg", $"/api/v1/portraits/{Stage.Juliet}/picture", $"/api/v1/portraits/{Stage.Juliet}/picture?size=64",
        ];
        foreach (var path in paths)
        {
            await ShouldBeOnlyAPicture(stage, path);
        }
    }

    private async Task ShouldBeOnlyAPicture(Stage stage, string path)
    {
        using var response = await _web.GetAsync(new Uri($"http://{stage.Server.Http}{path}"));

        ((int)response.StatusCode).ShouldBe(200, path);
        response.Content.Headers.ContentType.ShouldNotBeNull().MediaType.ShouldNotBeNull().ShouldStartWith("image/", Case.Sensitive, path);
        response.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"], path);
        Encoding.Latin1.GetString(await response.Content.ReadAsByteArrayAsync()).ShouldNotContain("script", Case.Insensitive, path);
    }
}
