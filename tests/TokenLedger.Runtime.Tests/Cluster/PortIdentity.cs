// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using TokenLedger.Runtime.Peers;

namespace TokenLedger.Runtime.Tests.Cluster;

/// <summary>
/// Says who a connection is by the port that it came in by: each caller has a port of its own.
/// </summary>
internal sealed class PortIdentity : IPeerIdentity
{
    private int[] _ports = [];

    /// <summary>The port of each validator, by index.</summary>
    public void Assign(IEnumerable<int> ports) => _ports = [.. ports];

    public int IndexOf(ServerCallContext context) =>
        Array.IndexOf(_ports, context.GetHttpContext().Connection.LocalPort);
}
