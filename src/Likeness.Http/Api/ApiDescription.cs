using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Likeness.Http.Api;

/// <summary>What the interface says of itself (OpenAPI 3.1).</summary>
internal static class ApiDescription
{
    private const string Bearer = "token";

    public static IndexDocument Index { get; } = new("Likeness", "v1", "/api/v1/openapi.json");

    public static void Configure(OpenApiOptions options)
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "Likeness",
                Version = "v1",
                Description = "One portrait per person, shown on web sites and in chats.",
            };

            // Wherever it is read from: every server describes the same interface.
            document.Servers = [];
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                [Bearer] = new OpenApiSecurityScheme
                {
                    Type = SecuritySchemeType.Http,
                    Scheme = "bearer",
                    Description = "A token made with: likeness token add NAME",
                },
            };
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            if (context.Description.ActionDescriptor.EndpointMetadata.OfType<ApiAccess>().Any())
            {
                operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Bearer, context.Document)] = [] }];
            }

            return Task.CompletedTask;
        });
    }
}
