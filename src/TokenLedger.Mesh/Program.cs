// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Mesh;
using TokenLedger.Mesh.Configuration;

try
{
    if (args is ["--config", string path])
    {
        return await MeshHost.RunAsync(MeshOptionsFile.Load(path)).ConfigureAwait(false);
    }

    await Console.Error.WriteLineAsync("usage: tokenledger-mesh --config FILE").ConfigureAwait(false);
    return MeshFailure.Usage;
}
#pragma warning disable CA1031 // The last frame: every failure becomes one message and an exit code.
catch (Exception e)
#pragma warning restore CA1031
{
    var failure = MeshFailure.Of(e);
    await Console.Error.WriteLineAsync(failure.Text).ConfigureAwait(false);
    return failure.ExitCode;
}
