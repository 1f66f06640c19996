using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Tests.Payloads;

public sealed class DiscoveryPayloadTests
{
    private const string Psi =
        "<query xmlns='http://jabber.org/protocol/disco#info' node='http://psi-im.org#q07IKJEyjvHSyhy//CH0CxmKi8w='>"
        + "<identity xml:lang='en' category='client' name='Psi 0.11' type='pc'/><identity xml:lang='el' category='client' name='\u03A8 0.11' type='pc'/>"
        + "<feature var='http://jabber.org/protocol/muc'/><feature var='http://jabber.org/protocol/caps'/>"
        + "<feature var='http://jabber.org/protocol/disco#info'/><feature var='http://jabber.org/protocol/disco#items'/>"
        + "<x xmlns='jabber:x:data' type='result'><field var='FORM_TYPE' type='hidden'><value>urn:xmpp:dataforms:softwareinfo</value></field>"
        + "<field var='software_version'><value>0.11</value></field><field var='ip_version'><value>ipv6</value><value>ipv4</value></field>"
        + "<field var='os'><value>Mac</value></field><field var='os_version'><value>10.5.1</value></field><field var='software'><value>Psi</value></field></x></query>";

    [Fact]
    [Trait("Requirement", "X-CAP-1")]
    public void The_verification_strings_of_the_examples_are_met()
    {
        var simple = new DiscoInfo([new("client", "pc", "Exodus 0.9.1")], [Ns.Caps, Ns.DiscoInfo, Ns.DiscoItems, Ns.Muc]);
        Xep0115EntityCapabilities.Verification(simple).ShouldBe("QgayPKawpkPSDYmwT/WM94uAlu0=");
        Xep0115EntityCapabilities.Verification(DiscoInfo.Read(XmlStreamReader.ParseElement(Psi))!).ShouldBe("q07IKJEyjvHSyhy//CH0CxmKi8w=");
        var avatar = new DiscoInfo([new("client", "pc", "AvatarTest")], [Ns.Caps, Ns.DiscoInfo, "urn:xmpp:avatar:metadata+notify"]);
        Xep0115EntityCapabilities.Verification(avatar).ShouldBe("TLeAaI5dY5iJ/gmMKB3sXXi0Au4=");
    }

    [Fact]
    [Trait("Requirement", "X-CAP-1")]
    public void A_hash_is_believed_for_all_only_when_it_is_right_and_unambiguous()
    {
        var info = DiscoInfo.Read(XmlStreamReader.ParseElement(Psi))!;
        Xep0115EntityCapabilities.Confirms(new("n", "q07IKJEyjvHSyhy//CH0CxmKi8w=", "sha-1"), info).ShouldBeTrue();
        Xep0115EntityCapabilities.Confirms(new("n", "q07IKJEyjvHSyhy//CH0CxmKi8w=", null), info).ShouldBeFalse();
        Xep0115EntityCapabilities.Confirms(new("n", "QgayPKawpkPSDYmwT/WM94uAlu0=", "sha-1"), info).ShouldBeFalse();
        foreach (var forged in new[] { info with { Features = [Ns.Muc, Ns.Muc] }, info with { Features = ["a<b"] }, info with { Forms = [.. info.Forms, .. info.Forms] } })
        {
            Xep0115EntityCapabilities.Confirms(new("n", Xep0115EntityCapabilities.Verification(forged), "sha-1"), forged).ShouldBeFalse();
        }
    }

    [Fact]
    public void Disco_info_written_can_be_read()
    {
        var info = DiscoInfo.Read(XmlStreamReader.ParseElement(Psi))!;
        var again = DiscoInfo.Read(info.ToElement("n"))!;
        again.Identities.ShouldBe(info.Identities);
        again.Features.ShouldBe(info.Features);
        again.Forms[0].Field("ip_version")!.Values.ShouldBe(["ipv6", "ipv4"]);
        again.Has(Ns.Muc).ShouldBeTrue();
        again.Is("client", "pc").ShouldBeTrue();
        info.ToElement("n")["node"].ShouldBe("n");
        DiscoInfo.Read(new Element("query", Ns.DiscoItems)).ShouldBeNull();
    }

    [Fact]
    public void A_form_written_can_be_read()
    {
        var form = new DataForm("form", Ns.PubSubNodeConfig, [
            new("pubsub#access_model", ["open"], "list-single", "Who may see it") { Options = ["open", "presence"] },
            FormField.Of("pubsub#persist_items", "true"),
        ]);
        var parent = new Element("configure", Ns.PubSub).Add(form.ToElement());
        var read = DataForm.Find(parent, Ns.PubSubNodeConfig)!;
        read["pubsub#access_model"].ShouldBe("open");
        read.Field("pubsub#access_model")!.Options.ShouldBe(["open", "presence"]);
        read.Field("pubsub#access_model")!.Label.ShouldBe("Who may see it");
        read.Flag("pubsub#persist_items").ShouldBe(true);
        read.Flag("pubsub#access_model").ShouldBeNull();
        read["other"].ShouldBeNull();
        DataForm.Find(parent, "other").ShouldBeNull();
    }

    [Fact]
    public void A_delay_written_can_be_read()
    {
        var time = new DateTimeOffset(2026, 2, 3, 4, 5, 6, 789, TimeSpan.FromHours(2));
        var message = new Element("message", Ns.Client).Add(Xep0203DelayedDelivery.Stamp(time, "example.org"));
        message.ToString().ShouldBe("<message><delay xmlns='urn:xmpp:delay' from='example.org' stamp='2026-02-03T02:05:06.789Z'/></message>");
        Xep0203DelayedDelivery.Read(message).ShouldBe(time);
        Xep0203DelayedDelivery.Read(new Element("message", Ns.Client)).ShouldBeNull();
    }
}
