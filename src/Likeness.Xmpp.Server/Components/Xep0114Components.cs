using System.Collections.Frozen;
using Likeness.Xmpp.Server.Connections;
using Likeness.Xmpp.Server.Rooms;
using Likeness.Xmpp.Server.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Likeness.Xmpp.Server.Components;

/// <summary>XEP-0114 Jabber Component Protocol 1.6: programs beside this server that answer for a domain each, such as gateways and bots.</summary>
internal sealed class Xep0114Components : IFeature, IComponents
{
    /// <summary>How long a component that was restarted has to come back before its people have left the rooms they were in.</summary>
    public static readonly TimeSpan ReturnTime = TimeSpan.FromSeconds(5);

    private readonly XmppServerOptions _options;
    private readonly RemoteOccupants _occupants;
    private readonly TimeProvider _time;
    private readonly FrozenDictionary<string, Component> _components;

    public Xep0114Components(XmppServerOptions options, Router router, RemoteOccupants occupants, TimeProvider time, ILogger<Xep0114Components> log)
    {
        (_options, _occupants, _time) = (options, occupants, time);
        _components = options.Components
            .Select(component => new Component(component, router, options, gone => _ = LeaveRooms(gone), log))
            .ToFrozenDictionary(component => component.Name, StringComparer.OrdinalIgnoreCase);
    }

    public void Register(FeatureRegistry registry)
    {
        foreach (var component in _options.Components)
        {
            registry.Services.Add(component.Domain, _components[component.Domain]);
            registry.ServerItems.Add((component.Domain, component.Domain));
        }
    }

    public string? SecretOf(string name) => _components.GetValueOrDefault(name)?.Secret;

    public IStreamSession Bind(string name, StreamConnection connection) => _components[name].Bind(connection);

    // Nobody stays in a room as a ghost until somebody speaks to it.
    private async Task LeaveRooms(Component gone)
    {
        await Task.Delay(ReturnTime, _time);
        if (!gone.IsThere)
        {
            await _occupants.Check(domain: gone.Name);
        }
    }
}

/// <summary>The parts of components.</summary>
internal static class ComponentParts
{
    public static IServiceCollection AddComponents(this IServiceCollection services) => services
        .AddSingleton<Xep0114Components>()
        .AddSingleton<IFeature>(provider => provider.GetRequiredService<Xep0114Components>())
        .AddSingleton<IComponents>(provider => provider.GetRequiredService<Xep0114Components>());
}
