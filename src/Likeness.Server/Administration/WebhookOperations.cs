using System.Globalization;
using Likeness.Http.Webhooks;
using Likeness.Stores;

namespace Likeness.Server.Administration;

/// <summary>Registers where changes are announced and shows the secret of its signatures, this once.</summary>
public sealed record AddWebhook(string Name, string Url) : Operation
{
    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        var secret = WebhookSecret.Create();
        try
        {
            await context.Stores.Webhooks.Add(
                new Webhook(RegisteredName.Read(Name), Read(Url), WebhookSecret.KeyOf(secret), context.Time.GetUtcNow()), cancellationToken);
        }
        catch (StoreConflictException exception)
        {
            throw new OperationRefusedException($"There is a webhook {Name} already.", exception);
        }

        await context.WebhooksChanged(cancellationToken);
        return new Answer { Text = secret, Notes = [new AuditNote("webhook add", null, Detail: Name)] };
    }

    private static string Read(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url is { UserInfo: "", Fragment: "" }
            ? url.AbsoluteUri
            : throw new OperationRefusedException($"'{text}' is not an http or https URL without user name and fragment.");
}

/// <summary>Removes a webhook with what waits for it.</summary>
public sealed record RemoveWebhook(string Name) : Operation
{
    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        if (!await context.Stores.Webhooks.Remove(Name, cancellationToken))
        {
            throw new OperationRefusedException($"There is no webhook {Name}.");
        }

        await context.WebhooksChanged(cancellationToken);
        return new Answer { Text = $"The webhook {Name} is told nothing any more.", Notes = [new AuditNote("webhook remove", null, Detail: Name)] };
    }
}

/// <summary>Lists webhooks, without their secrets.</summary>
public sealed record ListWebhooks : Operation
{
    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        var rows = new List<IReadOnlyDictionary<string, string>>();
        foreach (var hook in await context.Stores.Webhooks.List(cancellationToken))
        {
            var (waiting, after) = (0L, (Identity?)null);
            do
            {
                var page = await context.Stores.Webhooks.Untold(hook.Name, after, cancellationToken);
                waiting += page.People.Count;
                after = page.Last;
            }
            while (after is not null);

            lines.Add($"{hook.Name}  {hook.Url}  {waiting} waiting");
            rows.Add(new Dictionary<string, string> { ["name"] = hook.Name, ["url"] = hook.Url.ToString(), ["waiting"] = waiting.ToString(CultureInfo.InvariantCulture) });
        }

        return new Answer { Lines = lines, Rows = rows };
    }
}

/// <summary>Sends a webhook a <c>ping</c> now, once, and says how it went.</summary>
public sealed record TestWebhook(string Name) : Operation
{
    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        var hook = (await context.Stores.Webhooks.List(cancellationToken)).FirstOrDefault(hook => hook.Name == Name)
            ?? throw new OperationRefusedException($"There is no webhook {Name}.");
        using var sender = new WebhookSender(context.Time, new WebhookOptions());
        return await sender.Post(hook, WebhookMessage.Ping(context.Time.GetUtcNow()), cancellationToken) is { } reason
            ? throw new OperationRefusedException($"The webhook {Name} could not be told: {reason}.")
            : new Answer { Text = $"The webhook {Name} took the message." };
    }
}
