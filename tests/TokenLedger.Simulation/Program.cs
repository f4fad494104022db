// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Simulation;

var options = new SimOptions { Seed = 1, Nodes = 4, Faults = [], ChaosMs = 60_000 };
using var cluster = new SimCluster(options);
foreach (SimNode node in cluster.Nodes)
{
    node.Start();
}

cluster.Time.RunUntil(options.ChaosMs);
Console.WriteLine($"height {cluster.Checker.Height} digest {cluster.Trace.Digest()}");
return 0;
