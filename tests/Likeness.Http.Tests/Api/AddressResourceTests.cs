using Likeness.Http.Tests.Hosting;

namespace Likeness.Http.Tests.Api;

public sealed class AddressResourceTests : IAsyncLifetime
{
    private const string Path = $"/api/v1/people/{ApiServer.Juliet}/addresses";
    private ApiServer _server = null!;
    private string _token = "";

    public async ValueTask InitializeAsync()
    {
        _server = await ApiServer.Start();
        _token = await _server.Token();
        await _server.Put(ApiServer.Juliet, _token, SmallPicture.Png());
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    [Trait("Requirement", "L-103")]
    public async Task An_address_is_added_found_and_removed_at_once()
    {
        (await _server.Post(Path, _token, """{"address":"J@Example.net"}""")).Status.ShouldBe(201);
        (await _server.Post(Path, _token, """{"address":"j@example.net"}""")).Status.ShouldBe(200);

        var listed = (await _server.Get(Path, _token)).Json.GetProperty("addresses").EnumerateArray().ToList();
        listed.Select(address => address.GetProperty("address").GetString()).ShouldBe([ApiServer.Juliet, "j@example.net"]);
        listed[1].GetProperty("hashes")[0].GetString().ShouldBe(AvatarServer.HashOf("j@example.net"));
        (await _server.Get($"/avatar/{AvatarServer.HashOf("j@example.net")}?d=404", token: null)).Status.ShouldBe(200);

        (await _server.Send(HttpMethod.Delete, Path + "/j@example.net", _token)).Status.ShouldBe(204);
        (await _server.Get($"/avatar/{AvatarServer.HashOf("j@example.net")}?d=404", token: null)).Status.ShouldBe(404);
        (await _server.Send(HttpMethod.Delete, Path + "/j@example.net", _token)).Status.ShouldBe(404);
    }

    [Fact]
    public async Task An_address_of_somebody_else_is_a_conflict()
    {
        await _server.AddAddress("romeo@example.org", "romeo@example.org");

        (await _server.Post(Path, _token, """{"address":"romeo@example.org"}""")).Status.ShouldBe(409);
        (await _server.Stores.Portraits.Addresses(new Identity(ApiServer.Juliet))).ShouldBe([ApiServer.Juliet]);
    }

    [Theory]
    [InlineData("""{"address":"nonsense "}""", 422)]
    [InlineData("""{"address":null}""", 422)]
    [InlineData("""{"address":"a b@example.org"}""", 422)]
    [InlineData("""{}""", 422)]
    [InlineData("""{"address":""", 400)]
    [InlineData("""null""", 400)]
    [InlineData("""[1]""", 400)]
    [InlineData("", 400)]
    public async Task What_is_no_address_is_refused(string json, int status) =>
        (await _server.Post(Path, _token, json)).Status.ShouldBe(status);

    [Fact]
    public async Task Nobody_has_no_addresses() =>
        (await _server.Get("/api/v1/people/nobody@example.org/addresses", _token)).Problem().ShouldBe("There is nobody of this name.");
}
