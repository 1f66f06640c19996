using Likeness.Files;
using Likeness.Xmpp.Server.Tests.Play;
using Microsoft.Extensions.DependencyInjection;

namespace Likeness.Xmpp.Server.Tests.Features;

/// <summary>Slots; what is put there is tested with the web side.</summary>
public sealed class HttpUploadTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("likeness-files-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    [Trait("Requirement", "U-1")]
    [Trait("Requirement", "U-2")]
    public async Task People_of_the_domain_find_the_service_and_are_given_slots() => await Play(
    [
        "irc.localhost is a component",
        "juliet is a user",
        "juliet/balcony connects",
        "irc connects as the component irc.localhost",
        "irc is accepted",
        "juliet/balcony sends",
        "    <iq type='get' id='1' to='localhost'><query xmlns='http://jabber.org/protocol/disco#items'/></iq>",
        "    <iq type='get' id='2' to='upload.localhost'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>",
        "    <iq type='get' id='3' to='upload.localhost'><request xmlns='urn:xmpp:http:upload:0' filename='très cool.jpg' size='1000' content-type='image/jpeg'/></iq>",
        "    <iq type='get' id='4' to='upload.localhost'><ping xmlns='urn:xmpp:ping'/></iq>",
        "juliet/balcony receives",
        "    <iq type='result' id='1'><query xmlns='http://jabber.org/protocol/disco#items'><item jid='upload.localhost'/></query></iq>",
        "    <iq type='result' id='2'><query xmlns='http://jabber.org/protocol/disco#info'><identity category='store' type='file'/><feature var='urn:xmpp:http:upload:0'/><x xmlns='jabber:x:data' type='result'><field var='FORM_TYPE'><value>urn:xmpp:http:upload:0</value></field><field var='max-file-size'><value>1000</value></field></x></query></iq>",
        "    <iq type='result' id='3' from='upload.localhost'><slot xmlns='urn:xmpp:http:upload:0'><put url='{url}'><header name='Authorization'>{any}</header></put><get url='{url}'/></slot></iq>",
        "    <iq type='error' id='4'><error><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>",
        "irc sends",
        "    <iq type='get' id='5' from='romeo@irc.localhost/x' to='upload.localhost'><request xmlns='urn:xmpp:http:upload:0' filename='x' size='1'/></iq>",
        "irc receives",
        "    <iq type='error' id='5'><error><forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>",
    ], scene =>
    {
        var url = scene.Placeholders.Fill("{url}");
        url.ShouldStartWith("https://example.org/upload/");
        url.ShouldEndWith("/tr%C3%A8s%20cool.jpg");
        return Task.CompletedTask;
    });

    [Fact]
    [Trait("Requirement", "U-3")]
    public async Task What_cannot_be_taken_is_refused_with_what_could() => await Play(
    [
        "juliet is a user",
        "juliet/balcony connects",
        "juliet/balcony sends",
        "    <iq type='get' id='1' to='upload.localhost'><request xmlns='urn:xmpp:http:upload:0' filename='x' size='1001'/></iq>",
        "    <iq type='get' id='2' to='upload.localhost'><request xmlns='urn:xmpp:http:upload:0' filename='x' size='0'/></iq>",
        "    <iq type='get' id='3' to='upload.localhost'><request xmlns='urn:xmpp:http:upload:0' filename='x' size='-1'/></iq>",
        "    <iq type='get' id='4' to='upload.localhost'><request xmlns='urn:xmpp:http:upload:0' filename='x'/></iq>",
        "    <iq type='get' id='5' to='upload.localhost'><request xmlns='urn:xmpp:http:upload:0' size='1'/></iq>",
        "    <iq type='get' id='6' to='upload.localhost'><request xmlns='urn:xmpp:http:upload:0' filename='../x' size='1'/></iq>",
        "    <iq type='get' id='7' to='upload.localhost'><request xmlns='urn:xmpp:http:upload:0' filename='..' size='1'/></iq>",
        "juliet/balcony receives",
        "    <iq type='error' id='1'><error type='modify'><not-acceptable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/><file-too-large xmlns='urn:xmpp:http:upload:0'><max-file-size>1000</max-file-size></file-too-large></error></iq>",
        .. from id in Enumerable.Range(2, 6) select $"    <iq type='error' id='{id}'><error><bad-request xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>",
    ]);

    [Fact]
    [Trait("Requirement", "U-3")]
    public async Task Who_has_uploaded_enough_is_told_when_to_come_back() => await Play(
    [
        "juliet is a user",
        "juliet/balcony connects",
    ], async scene =>
    {
        var files = (await scene.Server()).Services.GetRequiredService<SharedFiles>();
        var (slot, _) = files.Slots.Issue(new Identity("juliet@localhost"), 900, "");
        await files.Save(slot, "", new MemoryStream(new byte[900]), default);
        var retry = files.Find(slot.Id)!.Created.AddDays(1).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'");
        await Performance.Play(scene, Transcript.Parse("full",
        [
            "juliet/balcony sends",
            "    <iq type='get' id='1' to='upload.localhost'><request xmlns='urn:xmpp:http:upload:0' filename='x' size='600'/></iq>",
            "    <iq type='get' id='2' to='upload.localhost'><request xmlns='urn:xmpp:http:upload:0' filename='x' size='500'/></iq>",
            "juliet/balcony receives",
            $"    <iq type='error' id='1'><error type='wait'><resource-constraint xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/><retry xmlns='urn:xmpp:http:upload:0' stamp='{retry}'/></error></iq>",
            "    <iq type='result' id='2'>{any}</iq>",
        ]));
    });

    [Fact]
    [Trait("Requirement", "U-28")]
    public async Task The_service_has_the_names_that_the_operator_gives() => await Play(
    [
        "juliet is a user",
        "juliet/balcony connects",
        "juliet/balcony sends",
        "    <iq type='get' id='1' to='localhost'><query xmlns='http://jabber.org/protocol/disco#items'/></iq>",
        "    <iq type='get' id='2' to='files.localhost'><request xmlns='urn:xmpp:http:upload:0' filename='x' size='1'/></iq>",
        "    <iq type='get' id='3' to='upload.localhost'><request xmlns='urn:xmpp:http:upload:0' filename='x' size='1'/></iq>",
        "juliet/balcony receives",
        "    <iq type='result' id='1'><query xmlns='http://jabber.org/protocol/disco#items'><item jid='files.localhost'/></query></iq>",
        "    <iq type='result' id='2' from='files.localhost'><slot xmlns='urn:xmpp:http:upload:0'>{any}</slot></iq>",
        "    <iq type='error' id='3'>{any}</iq>",
    ], names: ["files.localhost"]);

    private async Task Play(string[] lines, Func<Scene, Task>? then = null, string[]? names = null)
    {
        await using var scene = new Scene();
        scene.Options = scene.Options with { UploadServices = names };
        scene.AddServices = services => services
            .AddSingleton(new SharedFileOptions(_folder.FullName) { MaxFile = 1000, MaxPerDay = 1400, Web = new Uri("https://example.org/") })
            .AddSingleton(provider => new FileSlots(new byte[32], provider.GetRequiredService<TimeProvider>()))
            .AddSingleton<SharedFiles>();
        await Performance.Play(scene, Transcript.Parse("upload", lines));
        await (then?.Invoke(scene) ?? Task.CompletedTask);
    }
}
