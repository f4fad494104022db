// SPDX-License-Identifier: Apache-2.0
namespace Grpc.Core;

/// <summary>A way to a server, over which any number of clients may call at once.</summary>
public abstract class ChannelBase
{
    /// <summary>Creates a channel to a target.</summary>
    protected ChannelBase(string target)
    {
        ArgumentNullException.ThrowIfNull(target);
        Target = target;
    }

    /// <summary>Where the server is, as it was given.</summary>
    public string Target { get; }

    /// <summary>What starts calls over this channel.</summary>
    public abstract CallInvoker CreateCallInvoker();

    /// <summary>Ends the channel, and the calls that are open on it.</summary>
    public Task ShutdownAsync() => ShutdownAsyncCore();

    /// <summary>Ends the channel.</summary>
    protected virtual Task ShutdownAsyncCore() => Task.CompletedTask;
}
