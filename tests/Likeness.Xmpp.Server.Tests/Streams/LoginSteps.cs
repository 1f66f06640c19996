using System.Net;
using System.Security.Authentication;
using System.Text;
using Likeness.Xmpp.Sasl;
using Likeness.Xmpp.Server.Tests.Hosting;
using Likeness.Xmpp.Server.Tests.Play;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Tests.Streams;

/// <summary>The steps of logging in, one by one, as the tests of negotiation need them.</summary>
internal static class LoginSteps
{
    /// <summary>A scene in which juliet is a user, and clients must use TLS or need not.</summary>
    public static async Task<Scene> Scene(bool tlsRequired)
    {
        var scene = new Scene();
        scene.Options = scene.Options with { PlaintextForDevelopment = !tlsRequired };
        await (await scene.Server()).Stores.Accounts.Add(TestCredentials.Of("juliet@localhost"));
        return scene;
    }

    /// <summary>A connection with an open stream; the features were read.</summary>
    public static async Task<Actor> Open(this Scene scene, string name, IPAddress? from = null)
    {
        var actor = await scene.Connect(name, from);
        await actor.OpenStream();
        (await actor.Receive()).ShouldNotBeNull().Name.ShouldBe("features");
        return actor;
    }

    /// <summary>A connection that has gone over to TLS.</summary>
    /// <param name="protocol">None: whatever both sides like best.</param>
    public static async Task<Actor> OpenSecured(this Scene scene, string name, IPAddress? from = null, SslProtocols protocol = SslProtocols.None)
    {
        var actor = await scene.Open(name, from);
        await actor.Send($"<starttls xmlns='{Ns.Tls}'/>");
        (await actor.Receive()).ShouldNotBeNull().Name.ShouldBe("proceed");
        await actor.StartTls(protocol);
        await actor.OpenStream();
        actor.Features = (await actor.Receive()).ShouldNotBeNull();
        actor.Features.Name.ShouldBe("features");
        return actor;
    }

    /// <summary>The end of the exchange: <c>success</c>, which the client has then checked, or the condition of the failure.</summary>
    public static Task<string> Authenticate(this Actor actor, ISaslClient client) =>
        actor.Exchange(client, SaslContent.Write("auth", client.Start()).Set("mechanism", client.Name));

    /// <summary>As <see cref="Authenticate"/>, after the server asked for the client's first message.</summary>
    public static Task<string> Continue(this Actor actor, ISaslClient client) =>
        actor.Exchange(client, SaslContent.Write("response", client.Start()));

    /// <summary>Sends the beginning of an exchange as it is, and returns what comes.</summary>
    public static Task<Element> Begin(this Actor actor, string mechanism, string message) =>
        actor.Ask(SaslContent.Write("auth", Encoding.UTF8.GetBytes(message)).Set("mechanism", mechanism));

    /// <summary>Binds on a stream that has just authenticated; returns the full address.</summary>
    public static async Task<string> Bind(this Actor actor, string resource)
    {
        await actor.OpenStream();
        (await actor.Receive()).ShouldNotBeNull().Name.ShouldBe("features");
        await actor.Send($"<iq type='set' id='b'><bind xmlns='{Ns.Bind}'><resource>{resource}</resource></bind></iq>");
        var bound = (await actor.Receive()).ShouldNotBeNull();
        actor.IsBound = true;
        return bound.Child("bind", Ns.Bind)!.Child("jid")!.Text();
    }

    /// <summary>Reads the stream to its end and returns the condition of the stream error.</summary>
    public static async Task<string?> StreamError(this Actor actor)
    {
        var error = (await actor.Receive()).ShouldNotBeNull();
        error.Is("error", Ns.Streams).ShouldBeTrue(error.ToString());
        (await actor.Receive()).ShouldBeNull();
        return error.FirstChild()?.Name;
    }

    private static async Task<string> Exchange(this Actor actor, ISaslClient client, Element first)
    {
        var reply = await actor.Ask(first);
        while (reply.Name == "challenge")
        {
            reply = await actor.Ask(SaslContent.Write("response", client.Respond(Content(reply))));
        }

        if (reply.Name == "failure")
        {
            return reply.FirstChild()!.Name;
        }

        reply.Name.ShouldBe("success");
        client.Finish(Content(reply));
        return "success";
    }

    private static Task<Element> Ask(this Actor actor, Element request) => actor.Ask(request.ToString());

    /// <summary>Sends this and returns what comes.</summary>
    public static async Task<Element> Ask(this Actor actor, string request)
    {
        await actor.Send(request);
        return (await actor.Receive()).ShouldNotBeNull();
    }

    private static byte[] Content(Element element) =>
        SaslContent.TryRead(element, out var data) ? data ?? [] : throw new TranscriptException($"No base64: {element}");
}
