using Likeness.Stores;
using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Sasl;
using Likeness.Xmpp.Server.Tests.Hosting;
using Likeness.Xmpp.Server.Tests.Play;
using Likeness.Xmpp.Server.Tests.Streams;
using Likeness.Xmpp.Xml;
using Microsoft.Extensions.DependencyInjection;

namespace Likeness.Xmpp.Server.Tests.Features;

/// <summary>What clients rely on about nodes, whatever is in them.</summary>
public sealed class NodeFormTests
{
    // XEP-0060 §16.4.4, the registry of pubsub#node_config.
    private static readonly Dictionary<string, string> Registry = new(StringComparer.Ordinal)
    {
        ["access_model"] = "list-single",
        ["body_xslt"] = "text-single",
        ["children_association_policy"] = "list-single",
        ["children_association_whitelist"] = "jid-multi",
        ["children"] = "text-multi",
        ["children_max"] = "text-single",
        ["collection"] = "text-multi",
        ["contact"] = "jid-multi",
        ["dataform_xslt"] = "text-single",
        ["deliver_notifications"] = "boolean",
        ["deliver_payloads"] = "boolean",
        ["description"] = "text-single",
        ["item_expire"] = "text-single",
        ["itemreply"] = "list-single",
        ["language"] = "list-single",
        ["max_items"] = "text-single",
        ["max_payload_size"] = "text-single",
        ["node_type"] = "list-single",
        ["notification_type"] = "list-single",
        ["notify_config"] = "boolean",
        ["notify_delete"] = "boolean",
        ["notify_retract"] = "boolean",
        ["notify_sub"] = "boolean",
        ["persist_items"] = "boolean",
        ["presence_based_delivery"] = "boolean",
        ["publish_model"] = "list-single",
        ["purge_offline"] = "boolean",
        ["roster_groups_allowed"] = "list-multi",
        ["send_last_published_item"] = "list-single",
        ["tempsub"] = "boolean",
        ["subscribe"] = "boolean",
        ["title"] = "text-single",
        ["type"] = "text-single",
    };

    [Fact]
    [Trait("Requirement", "U-26")]
    [Trait("Requirement", "U-27")]
    public async Task Every_field_of_a_nodes_form_has_the_type_of_the_registry_and_lists_have_their_values()
    {
        await using var scene = new Scene();
        await Publish(scene, "urn:example:tune", "1");

        var answer = await Ask(scene, "get", $"<pubsub xmlns='{Ns.PubSubOwner}'><configure node='urn:example:tune'/></pubsub>");

        var form = DataForm.Find(answer.Child("pubsub", Ns.PubSubOwner)!.Child("configure")!, Ns.PubSubNodeConfig)!;
        form.Fields.Count.ShouldBeGreaterThan(20);
        foreach (var field in form.Fields)
        {
            // What the registry does not have yet is not looked at: publish_node_full.
            if (Registry.TryGetValue(field.Variable["pubsub#".Length..], out var type))
            {
                field.Type.ShouldBe(type, field.Variable);
            }

            if (field.Type is "list-single" && field.Value is { } value)
            {
                field.Options.ShouldContain(value, field.Variable);
            }
        }
    }

    [Fact]
    [Trait("Requirement", "U-21")]
    public async Task What_was_read_in_a_thousand_chats_is_known_to_each_client()
    {
        await using var scene = new Scene();
        const int Chats = 1200;
        for (var number = 0; number < Chats; number++)
        {
            await Publish(scene, "urn:xmpp:mds:displayed:0", $"friend{number}@example.org");
        }

        var juliet = new Identity("juliet@localhost");
        var stores = (await scene.Server()).Stores;
        (await stores.Nodes.Load(juliet)).Single(node => node.Node == "urn:xmpp:mds:displayed:0").Access.ShouldBe(AccessModel.Whitelist);
        var all = new List<string>();
        string? after = null;
        do
        {
            var set = $"<set xmlns='{Ns.ResultSet}'><max>500</max>{(after is null ? "" : $"<after>{after}</after>")}</set>";
            var answer = await Ask(scene, "get", $"<pubsub xmlns='{Ns.PubSub}'><items node='urn:xmpp:mds:displayed:0'/>{set}</pubsub>");
            var page = answer.Child("pubsub", Ns.PubSub)!.Child("items")!.Select(item => item["id"]!).ToArray();
            all.AddRange(page);
            after = page.LastOrDefault();
        }
        while (after is not null);

        all.Distinct().Count().ShouldBe(Chats);
        all.Count.ShouldBe(Chats);
    }

    // As XEP-0490 §3.3 publishes.
    private static async Task Publish(Scene scene, string node, string item)
    {
        var answer = await Ask(scene, "set", $"""
            <pubsub xmlns='{Ns.PubSub}'><publish node='{node}'><item id='{item}'><displayed xmlns='urn:xmpp:mds:displayed:0'><stanza-id xmlns='urn:xmpp:sid:0' by='juliet@localhost' id='x'/></displayed></item></publish>
            <publish-options><x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE' type='hidden'><value>{Ns.PubSubPublishOptions}</value></field>
            <field var='pubsub#persist_items'><value>true</value></field><field var='pubsub#max_items'><value>max</value></field>
            <field var='pubsub#send_last_published_item'><value>never</value></field><field var='pubsub#access_model'><value>whitelist</value></field></x></publish-options></pubsub>
            """);
        answer["type"].ShouldBe("result");
    }

    private static async Task<Element> Ask(Scene scene, string type, string payload)
    {
        if (!scene.Actors.Any())
        {
            var server = await scene.Server();
            await server.Stores.Accounts.Add(TestCredentials.Of("juliet@localhost"));
            var first = await scene.Open("juliet");
            (await first.Authenticate(new PlainClient("juliet", TestCredentials.Password))).ShouldBe("success");
            await first.Bind("balcony");
        }

        var juliet = scene.Actors.Single();
        await juliet.Send($"<iq type='{type}' id='q'>{payload}</iq>");
        return (await juliet.Receive()).ShouldNotBeNull();
    }
}
