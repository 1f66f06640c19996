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
