// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Evm.Tests.Interop;

internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("tokenledger-evm-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
