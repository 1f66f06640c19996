using System.Text;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Tests.Xml;

public sealed class RefusedInputTests
{
    private const string Streams = "xmlns:stream='http://etherx.jabber.org/streams'";

    [Theory]
    [Trait("Requirement", "C-20")]
    [InlineData($"<s:stream xmlns:s='http://etherx.jabber.org/streams' xmlns='jabber:client'>", "bad-namespace-prefix")]
    [InlineData("<stream xmlns='http://etherx.jabber.org/streams'>", "bad-namespace-prefix")]
    [InlineData("<stream:stream xmlns='jabber:client' xmlns:stream='http://wrong.namespace.example.org/'>", "invalid-namespace")]
    [InlineData($"<stream:stream xmlns='urn:other' {Streams}>", "invalid-namespace")]
    [InlineData($"<stream:stream {Streams}>", "invalid-namespace")]
    [InlineData("<stream:stream xmlns='jabber:client'>", "not-well-formed")]
    [InlineData(StreamFeeding.Header + "<message xmlns='jabber:server'/>", "invalid-namespace")]
    [InlineData(StreamFeeding.Header + "<message xmlns=''/>", "invalid-namespace")]
    public void A_header_or_stanza_of_another_protocol_is_refused(string xml, string condition) => StreamFeeding.ConditionOf(xml).ShouldBe(condition);

    [Theory]
    [InlineData("jabber:client")]
    [InlineData("jabber:server")]
    [InlineData("jabber:component:accept")]
    public void The_three_content_namespaces_are_welcome(string ns) =>
        StreamFeeding.Events($"<stream:stream xmlns='{ns}' {Streams}>").ShouldHaveSingleItem().ContentNamespace.ShouldBe(ns);

    [Theory]
    [Trait("Requirement", "C-26")]
    [InlineData("<!-- comment -->")]
    [InlineData("<!")]
    [InlineData("<?php ?>")]
    [InlineData("<iq><!-- x --></iq>")]
    [InlineData("<iq>&nbsp;</iq>")]
    [InlineData("<iq id='&lol9;'/>")]
    [InlineData("<!DOCTYPE x>")]
    [InlineData("<?xml version='1.0'?>")]
    public void Restricted_xml_is_refused(string content) => StreamFeeding.ConditionOf(StreamFeeding.Header + (content == "<!" ? "<!-" : content)).ShouldBe("restricted-xml");

    [Theory]
    [Trait("Requirement", "C-26")]
    [InlineData("<!DOCTYPE lolz [<!ENTITY lol \"lol\"><!ENTITY lol2 \"&lol;&lol;&lol;\">]>" + StreamFeeding.Header)]
    [InlineData("<?xml-stylesheet href='x'?>" + StreamFeeding.Header)]
    [InlineData(" <?xml version='1.0'?>" + StreamFeeding.Header)]
    [InlineData("<!-- hello -->" + StreamFeeding.Header)]
    public void Restricted_xml_before_the_header_is_refused(string xml) => StreamFeeding.ConditionOf(xml).ShouldBe("restricted-xml");

    [Theory]
    [Trait("Requirement", "C-27")]
    [InlineData("<iq></message>")]
    [InlineData("<iq a='1' a='2'/>")]
    [InlineData("<iq xmlns:a='u' xmlns:b='u' a:x='1' b:x='2'/>")]
    [InlineData("<iq xmlns:a='u' xmlns:a='v'/>")]
    [InlineData("<iq a='<'/>")]
    [InlineData("<iq a=1/>")]
    [InlineData("<iq a='1'b='2'/>")]
    [InlineData("<iq a/>")]
    [InlineData("<iq / >")]
    [InlineData("<p:iq/>")]
    [InlineData("<iq p:a='1'/>")]
    [InlineData("<iq xmlns:p=''/>")]
    [InlineData("<iq xmlns:xml='u'/>")]
    [InlineData("<iq xmlns:xmlns='http://www.w3.org/2000/xmlns/'/>")]
    [InlineData("<iq xmlns='http://www.w3.org/2000/xmlns/'/>")]
    [InlineData("<iq xmlns:p='http://www.w3.org/XML/1998/namespace'/>")]
    [InlineData("<xmlns:iq/>")]
    [InlineData("<a:b:c xmlns:a='u'/>")]
    [InlineData("<1a/>")]
    [InlineData("<-a/>")]
    [InlineData("< a/>")]
    [InlineData("<iq>]]></iq>")]
    [InlineData("<iq>&</iq>")]
    [InlineData("<iq>&amp</iq>")]
    [InlineData("<iq>&;</iq>")]
    [InlineData("<iq>&#0;</iq>")]
    [InlineData("<iq>&#xD800;</iq>")]
    [InlineData("<iq>&#x110000;</iq>")]
    [InlineData("<iq>&#99999999999999999999;</iq>")]
    [InlineData("<iq>&#xFFFE;</iq>")]
    [InlineData("<iq>&#x;</iq>")]
    [InlineData("<iq>\u0001</iq>")]
    [InlineData("<iq>\uFFFE</iq>")]
    [InlineData("<iq a='\uFFFF'/>")]
    [InlineData("<iq><![CDATA[\u0000]]></iq>")]
    [InlineData("<![CDAT_[x]]>")]
    [InlineData("</stream:streams>")]
    [InlineData("</stream:stream><iq/>")]
    [InlineData("</stream:stream>x")]
    public void What_is_not_well_formed_is_refused(string content) => StreamFeeding.ConditionOf(StreamFeeding.Header + content).ShouldBe("not-well-formed");

    [Fact]
    public void Text_between_stanzas_is_refused() => StreamFeeding.ConditionOf(StreamFeeding.Header + "hello").ShouldBe("bad-format");

    [Theory]
    [Trait("Requirement", "C-27")]
    [InlineData(new byte[] { (byte)'<', (byte)'a', (byte)'>', 0xC0, 0x80, (byte)'<' })]
    [InlineData(new byte[] { (byte)'<', (byte)'a', (byte)'>', 0xED, 0xA0, 0x80, (byte)'<' })]
    [InlineData(new byte[] { (byte)'<', (byte)'a', (byte)'>', 0xE2, 0x82, (byte)'<' })]
    [InlineData(new byte[] { (byte)'<', (byte)'a', (byte)' ', (byte)'b', (byte)'=', (byte)'"', 0xFF, (byte)'"', (byte)'>' })]
    [InlineData(new byte[] { (byte)'<', 0xE9, (byte)'>' })]
    public void Invalid_utf_8_is_refused(byte[] content)
    {
        byte[] bytes = [.. Encoding.UTF8.GetBytes(StreamFeeding.Header), .. content];
        Should.Throw<StreamErrorException>(() => StreamFeeding.Events(StreamFeeding.Reader(), bytes)).Condition.ShouldBe("not-well-formed");
    }

    [Theory]
    [Trait("Requirement", "C-27")]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    [InlineData("utf-32")]
    public void Another_encoding_is_refused(string encoding)
    {
        var other = Encoding.GetEncoding(encoding);
        byte[] bytes = [.. other.GetPreamble(), .. other.GetBytes(StreamFeeding.Header)];
        Should.Throw<StreamErrorException>(() => StreamFeeding.Events(StreamFeeding.Reader(), bytes)).Condition.ShouldBe("unsupported-encoding");
    }

    [Theory]
    [Trait("Requirement", "C-27")]
    [InlineData("<?xml version='1.0' encoding='ISO-8859-1'?>", "unsupported-encoding")]
    [InlineData("\uFEFF<?xml version='1.0'?>", "not-well-formed")]
    [InlineData("<?xml version='1.1'?>", "not-well-formed")]
    [InlineData("<?xml encoding='UTF-8'?>", "not-well-formed")]
    [InlineData("<?xml version='1.0' standalone='maybe'?>", "not-well-formed")]
    [InlineData("<?xml version='1.0' standalone='yes' encoding='UTF-8'?>", "not-well-formed")]
    [InlineData("<?xml?>", "restricted-xml")]
    [InlineData("<?xml ?>", "not-well-formed")]
    public void A_wrong_declaration_is_refused(string declaration, string condition) =>
        StreamFeeding.ConditionOf(declaration + StreamFeeding.Header).ShouldBe(condition);
}
