using Likeness.Http.Uploads;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Likeness.Http.Api;

/// <summary>Composition of the REST interface.</summary>
public static class ApiServices
{
    private const string Root = "/api/v1";

    /// <summary>Needs the avatars, the address book, <see cref="PortraitActs"/> and the stores of accounts, tokens and the audit log beside it.</summary>
    public static IServiceCollection AddApi(this IServiceCollection services, ApiOptions? options = null)
    {
        services.AddSingleton(options ?? new ApiOptions());
        services.AddSingleton<ApiTokens>();
        services.AddSingleton<ApiGate>();
        services.AddSingleton<PortraitDoor>();
        services.AddSingleton<UploadPlaces>();
        services.AddSingleton<PortraitResource>();
        services.AddSingleton<AddressResource>();
        services.AddSingleton<QueryResource>();
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default));
        services.AddOpenApi("v1", ApiDescription.Configure);
        return services;
    }

    /// <summary>Serves <c>/api</c> and everything under it, in whatever case it is written.</summary>
    public static void MapApi(this WebApplication application)
    {
        var gate = application.Services.GetRequiredService<ApiGate>();
        application.Use(next => context =>
            context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase) ? gate.Pass(context, next) : next(context));

        var api = application.MapGroup(Root).WithTags("Likeness");
        Guard(api, application.Services.GetRequiredService<ApiTokens>());
        api.MapGet("/", () => Results.Json(ApiDescription.Index, ApiJson.Default.IndexDocument))
            .WithSummary("What this interface is.").Produces<IndexDocument>();
        MapPortraits(api.MapGroup("/portraits"), application.Services.GetRequiredService<PortraitResource>(), application.Services.GetRequiredService<QueryResource>());
        MapAddresses(api.MapGroup("/people/{account}/addresses"), application.Services.GetRequiredService<AddressResource>());
        application.MapOpenApi(Root + "/openapi.json");
    }

    /// <summary>Each endpoint lets in who shows a token, before any byte of the body is read.</summary>
    private static void Guard(RouteGroupBuilder api, ApiTokens tokens) => ((IEndpointConventionBuilder)api).Finally(endpoint =>
    {
        if (endpoint.Metadata.OfType<ApiAccess>().LastOrDefault() is { } access && endpoint.RequestDelegate is { } serve)
        {
            endpoint.RequestDelegate = async context =>
            {
                context.Features.Set(await tokens.Admit(context, access));
                await serve(context);
            };
        }
    });

    private static void MapPortraits(RouteGroupBuilder group, PortraitResource portraits, QueryResource query)
    {
        group.MapGet("/{address}", portraits.Get)
            .Reads("The portrait of an address.").Produces<PortraitDocument>().Produces(304).Problems(404);
        group.MapGet("/{address}/picture", portraits.GetPicture)
            .Reads("The picture itself, or with size a square rendition of so many pixels.").Produces(200, null, "image/jpeg", "image/png", "image/gif", "image/webp", "image/avif").Produces(304).Problems(404, 422, 503);
        group.MapPut("/{address}", portraits.Put)
            .Changes("Gives the owner of the address this picture, in chats and on the web. The same picture again changes nothing. If-Match with the ETag protects from overwriting somebody else's change.")
            .Accepts<Stream>("image/jpeg", "image/png", "image/gif", "image/webp", "image/avif", "application/octet-stream")
            .Produces<PortraitDocument>().Produces<PortraitDocument>(201).Problems(404, 409, 412, 413, 415, 422, 423, 503);
        group.MapDelete("/{address}", portraits.Delete)
            .Changes("Takes the picture away from every view.").Produces(204).Problems(404, 412, 423);
        group.MapMethods("/{address}/visibility", ["PUT", "PATCH"], portraits.SetVisibility)
            .Changes("Decides who sees the portrait, on every view alike.")
            .Accepts<VisibilityDocument>("application/json").Produces<PortraitDocument>().Problems(400, 404, 412, 415, 422);
        group.MapPost("/query", (Delegate)query.Post)
            .Reads("Which of up to 1,000 addresses and hashes have a public portrait, and its version.")
            .Accepts<QueryDocument>("application/json").Produces<FoundDocument>().Problems(400, 413, 415, 422);
    }

    private static void MapAddresses(RouteGroupBuilder group, AddressResource addresses)
    {
        group.MapGet("", addresses.List)
            .Reads("The addresses a person is found by.").Produces<AddressesDocument>().Problems(404);
        group.MapPost("", addresses.Add)
            .Changes("Gives the person an address.")
            .Accepts<NewAddressDocument>("application/json").Produces<AddressDocument>().Produces<AddressDocument>(201).Problems(400, 404, 409, 415, 422);
        group.MapDelete("/{address}", addresses.Remove)
            .Changes("Takes an address from the person; its hashes stand for nobody at once.").Produces(204).Problems(404);
    }

    private static RouteHandlerBuilder Reads(this RouteHandlerBuilder endpoint, string summary) =>
        endpoint.WithSummary(summary).WithMetadata(new ApiAccess(Changes: false)).Problems(401, 429);

    private static RouteHandlerBuilder Changes(this RouteHandlerBuilder endpoint, string summary) =>
        endpoint.WithSummary(summary).WithMetadata(new ApiAccess(Changes: true)).Problems(401, 403, 429);

    private static RouteHandlerBuilder Problems(this RouteHandlerBuilder endpoint, params ReadOnlySpan<int> statuses)
    {
        foreach (var status in statuses)
        {
            endpoint.Produces<ProblemDocument>(status, "application/problem+json");
        }

        return endpoint;
    }
}
