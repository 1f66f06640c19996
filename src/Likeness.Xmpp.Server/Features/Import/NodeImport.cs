using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Server.Features.PubSub;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Features.Import;

/// <summary>Takes the nodes of a person from another server (XEP-0227 §4.10): configured first, then published to, pictures before what is said of them.</summary>
internal sealed class NodeImport(AccountNodes nodes)
{
    private const string Access = "pubsub#access_model";

    public async ValueTask<int> TakeConfigurations(Account account, Element pubsub, List<string> refused)
    {
        var taken = 0;
        foreach (var configure in pubsub.Where(child => child.Name == "configure"))
        {
            taken += await Try(configure["node"], refused, async name =>
            {
                var node = await nodes.Open(account, name);
                var options = node.Allowed(OptionsOf(configure, node, refused));
                await AccountNodes.Change(account, async () =>
                {
                    await node.Configure(options);
                    return true;
                });
            });
        }

        return taken;
    }

    public async ValueTask<int> TakeItems(Account account, Element pubsub, List<string> refused)
    {
        var taken = 0;
        foreach (var items in pubsub.Where(child => child.Name == "items").OrderBy(items => items["node"] == Ns.AvatarMetadata))
        {
            foreach (var item in items.Where(child => child.Name == "item" && child.FirstChild() is not null))
            {
                taken += await Try(items["node"], refused, name => Publish(account, name, item));
            }
        }

        return taken;
    }

    private async ValueTask Publish(Account account, string name, Element item) => await AccountNodes.Change(account, async () =>
    {
        var node = await nodes.Open(account, name);
        return await node.Publish(new Publication(account.Jid, item["id"] is { Length: > 0 } id ? id : null, item.FirstChild()!, node.Options ?? node.Defaults));
    });

    private static async ValueTask<int> Try(string? name, List<string> refused, Func<string, ValueTask> act)
    {
        try
        {
            await act(AccountNodes.Named(name ?? throw new StanzaErrorException(StanzaCondition.BadRequest, "It has no name.")));
            return 1;
        }
        catch (StanzaErrorException refusal)
        {
            refused.Add($"The node {name}: {refusal.Message}");
            return 0;
        }
    }

    // Each field by itself: what is not known here changes nothing, but nobody reads what another server kept from them.
    private static NodeOptions OptionsOf(Element configure, IPepNode node, List<string> refused)
    {
        var options = node.Defaults;
        foreach (var field in DataForm.Find(configure)?.Fields.Where(field => field.Values.Count > 0) ?? [])
        {
            try
            {
                var form = new DataForm("submit", null, [field.Variable == "pubsub#max_items" ? Bounded(field) : field]);
                options = NodeForm.Apply(form, options, static (_, text) => new StanzaErrorException(StanzaCondition.NotAcceptable, text));
            }
            catch (StanzaErrorException) when (field.Variable == Access)
            {
                options = options with { Access = AccessModel.Whitelist };
                refused.Add($"The node {configure["node"]}: the access model '{field.Value}' is not known here; its owner alone reads it.");
            }
            catch (StanzaErrorException)
            {
                // It has the value that every node has here.
            }
        }

        return options;
    }

    private static FormField Bounded(FormField field) =>
        long.TryParse(field.Value, out var most) && most > NodeOptions.MaxItemsOfNode ? field with { Values = ["max"] } : field;
}
