// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Config, Deployment, HolderConfig, TokenConfig} from "../script/Wiring.sol";
import {Limits} from "../src/TLBooks.sol";
import {MintItem, TLBridge} from "../src/TLBridge.sol";
import {TLToken} from "../src/TLToken.sol";
import {Proof} from "../src/TLProof.sol";
import {TLValidatorSet} from "../src/TLValidatorSet.sol";
import {Network} from "./Network.sol";
import {Vm} from "../script/Vm.sol";

/// @title A network of validators and what they sign, for all tests. Contracts are wired as they are
/// deployed.
abstract contract Base {
    Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    bytes32 internal constant LEDGER = keccak256("ledger");
    address internal constant ALICE = address(0xA11CE);
    address internal constant BOB = address(0xB0B);
    address internal constant NOBODY = address(0x0B0D1);
    address internal constant GUARD = address(0x6A4D);
    address internal constant LIMIT = address(0x1111);
    address internal constant REGISTRY = address(0x4E61);
    address internal constant ENFORCE = address(0xE4F0);
    address internal constant PAUSE = address(0xBA5E);
    bytes32 internal constant RECIPIENT = bytes32(uint256(0xABCDEF) << 96 | uint256(7) << 32);
    uint128 internal constant UNIT = 1e6;
    uint64 internal constant SOON = 2_000_000_000;

    uint256[] internal hotKeys;
    uint256[] internal coldKeys;
    address[] internal hot;
    address[] internal cold;
    Network internal network;
    Deployment internal d;
    TLBridge internal bridge;
    TLValidatorSet internal set;
    TLToken internal token;
    TLToken internal open;

    bytes32 private constant DOMAIN =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");

    /// @dev The test is done with four validators, with seven, with sixteen, and with as many as there can
    /// be.
    modifier everySize() {
        uint8[4] memory sizes = [4, 7, 16, 31];
        for (uint256 size = 0; size < sizes.length; ++size) {
            _start(sizes[size]);
            _;
        }
    }

    function _start(uint256 n) internal {
        vm.warp(1_900_000_000);
        (hotKeys, hot) = _keys(1000, n);
        (coldKeys, cold) = _keys(5000, n);
        network = Network(vm.deployCode("Network.sol:Network"));
        d = network.deploy(_config());
        (bridge, set, token, open) = (d.bridge, d.validatorSet, d.tokens[0], d.tokens[1]);
    }

    function _config() internal view returns (Config memory config) {
        config.ledgerId = LEDGER;
        (config.hot, config.cold) = (hot, cold);
        config.operators = new string[](hot.length);
        for (uint256 i = 0; i < hot.length; ++i) {
            config.operators[i] = vm.toString(i);
        }
        config.guardians = _single(GUARD);
        config.limiters = _single(LIMIT);
        config.registrars = _single(REGISTRY);
        config.enforcers = _single(ENFORCE);
        config.pausers = _single(PAUSE);
        config.timelockDelay = 48 hours;
        config.tokens = new TokenConfig[](2);
        config.tokens[0] = TokenConfig("State bond 2031", "BOND31", 6, true, _limits());
        config.tokens[1] = TokenConfig("Gold reserve", "GOLD", 6, false, _limits());
        config.holders = new HolderConfig[](2);
        config.holders[0] = HolderConfig(ALICE, 1, 276, SOON);
        config.holders[1] = HolderConfig(BOB, 2, 276, SOON);
    }

    function _limits() internal pure returns (Limits memory) {
        return Limits(10_000 * UNIT, 500 * UNIT, 2_000 * UNIT, 1_000 * UNIT, 1 days, 1 days);
    }

    function _keys(uint256 first, uint256 n)
        internal
        pure
        returns (uint256[] memory keys, address[] memory who)
    {
        (keys, who) = (new uint256[](n), new address[](n));
        for (uint256 i = 0; i < n; ++i) {
            uint256 key = first + i;
            address account = vm.addr(key);
            uint256 place = i;
            for (; place != 0 && who[place - 1] > account; --place) {
                (who[place], keys[place]) = (who[place - 1], keys[place - 1]);
            }
            (who[place], keys[place]) = (account, key);
        }
    }

    function _quorum(uint256 n) internal pure returns (uint256) {
        return n - (n - 1) / 3;
    }

    /// @dev The first `count` members sign.
    function _sign(bytes32 digest, address[] memory who, uint256[] memory keys, uint256 count)
        internal
        pure
        returns (Proof memory proof)
    {
        proof.validators = who;
        for (uint256 i = 0; i < count; ++i) {
            proof.signers |= 1 << i;
            (uint8 v, bytes32 r, bytes32 s) = vm.sign(keys[i], digest);
            proof.signatures = abi.encodePacked(proof.signatures, r, s, v);
        }
    }

    function _hot(bytes32 digest) internal view returns (Proof memory) {
        return _sign(digest, hot, hotKeys, _quorum(hot.length));
    }

    function _cold(bytes32 digest) internal view returns (Proof memory) {
        return _sign(digest, cold, coldKeys, _quorum(cold.length));
    }

    function _digest(string memory name, address verifier, bytes32 structHash)
        internal
        view
        returns (bytes32)
    {
        bytes32 domain = keccak256(
            abi.encode(DOMAIN, keccak256(bytes(name)), keccak256("1"), block.chainid, verifier)
        );
        return keccak256(abi.encodePacked(hex"1901", domain, structHash));
    }

    /// @dev Built here a second time, from the types alone.
    function _batchDigest(address token_, MintItem[] memory items, uint64 deadline, uint256 cumLocked)
        internal
        view
        returns (bytes32)
    {
        bytes memory hashes;
        for (uint256 i = 0; i < items.length; ++i) {
            hashes = abi.encodePacked(
                hashes,
                keccak256(
                    abi.encode(
                        keccak256("MintItem(uint64 nonce,address to,uint128 amount)"),
                        items[i].nonce,
                        items[i].to,
                        items[i].amount
                    )
                )
            );
        }
        bytes32 typeHash = keccak256(
            "MintBatch(bytes32 ledgerId,uint64 epoch,address token,uint256 cumLocked,uint64 deadline,"
            "MintItem[] items)MintItem(uint64 nonce,address to,uint128 amount)"
        );
        return _digest(
            "TLBridge",
            address(bridge),
            keccak256(
                abi.encode(typeHash, LEDGER, set.epoch(), token_, cumLocked, deadline, keccak256(hashes))
            )
        );
    }

    function _voidDigest(address token_, uint64[] memory nonces) internal view returns (bytes32) {
        bytes memory words;
        for (uint256 i = 0; i < nonces.length; ++i) {
            words = abi.encodePacked(words, uint256(nonces[i]));
        }
        bytes32 typeHash =
            keccak256("VoidNonces(bytes32 ledgerId,uint64 epoch,address token,uint64[] nonces)");
        return _digest(
            "TLBridge",
            address(bridge),
            keccak256(abi.encode(typeHash, LEDGER, set.epoch(), token_, keccak256(words)))
        );
    }

    /// @dev Of the hot set.
    function _actionDigest(uint64 nonce, bytes32 actionHash, uint64 eta) internal view returns (bytes32) {
        return _actionDigestOf(set.epoch(), nonce, actionHash, eta);
    }

    /// @dev Of the cold set, whose epoch is 0.
    function _coldDigest(uint64 nonce, bytes32 actionHash, uint64 eta) internal view returns (bytes32) {
        return _actionDigestOf(0, nonce, actionHash, eta);
    }

    function _actionDigestOf(uint64 epoch, uint64 nonce, bytes32 actionHash, uint64 eta)
        private
        view
        returns (bytes32)
    {
        bytes32 typeHash = keccak256(
            "AdminAction(bytes32 ledgerId,uint64 epoch,uint64 actionNonce,bytes32 actionHash,uint64 eta)"
        );
        return _digest(
            "TLBridge",
            address(bridge),
            keccak256(abi.encode(typeHash, LEDGER, epoch, nonce, actionHash, eta))
        );
    }

    function _rotateDigest(address[] memory next, uint64 newEpoch, uint64 notBefore)
        internal
        view
        returns (bytes32)
    {
        bytes32 typeHash = keccak256(
            "SetUpdate(bytes32 ledgerId,uint64 epoch,uint64 newEpoch,bytes32 newSetHash,uint64 notBefore)"
        );
        return _digest(
            "TLValidatorSet",
            address(set),
            keccak256(
                abi.encode(
                    typeHash, LEDGER, set.epoch(), newEpoch, keccak256(abi.encode(newEpoch, next)), notBefore
                )
            )
        );
    }

    function _recoverDigest(address[] memory next, uint64 nonce) internal view returns (bytes32) {
        bytes32 typeHash =
            keccak256("SetRecovery(bytes32 ledgerId,uint64 epoch,bytes32 newSetHash,uint64 recoveryNonce)");
        return _digest(
            "TLValidatorSet",
            address(set),
            keccak256(abi.encode(typeHash, LEDGER, uint64(0), keccak256(abi.encode(uint64(0), next)), nonce))
        );
    }

    /// @dev From outside, so that a constructor's refusal can be expected.
    function make(string memory artifact, bytes memory arguments) external returns (address) {
        return vm.deployCode(artifact, arguments);
    }

    function _item(uint64 nonce, address to, uint128 amount) internal pure returns (MintItem[] memory items) {
        items = new MintItem[](1);
        items[0] = MintItem(nonce, to, amount);
    }

    /// @dev A batch that an honest quorum signs.
    function _mint(TLToken token_, MintItem[] memory items, uint256 cumLocked) internal {
        Proof memory proof = _hot(_batchDigest(address(token_), items, SOON, cumLocked));
        bridge.mintBatch(address(token_), items, SOON, cumLocked, proof);
    }

    function _mint(uint64 nonce, address to, uint128 amount, uint256 cumLocked) internal {
        _mint(token, _item(nonce, to, amount), cumLocked);
    }

    function _expectRejected(uint64 nonce, TLToken token_, uint8 reason) internal {
        vm.expectEmit(address(bridge));
        emit TLBridge.MintRejected(nonce, address(token_), reason);
    }

    /// @dev What the timelock does after a quorum proposed it and its delay is over.
    function _govern(address target, bytes memory data) internal {
        uint64 nonce = d.governor.actionNonce() + 1;
        bytes32 action =
            keccak256(abi.encode(address(d.governor), d.governor.propose.selector, target, keccak256(data)));
        d.governor.propose(target, data, nonce, 0, _hot(_actionDigest(nonce, action, 0)));
        vm.warp(block.timestamp + 48 hours);
        d.governor.timelock().execute(target, 0, data, 0, bytes32(uint256(nonce)));
    }

    function _single(address account) internal pure returns (address[] memory accounts) {
        accounts = new address[](1);
        accounts[0] = account;
    }

    function _eq(uint256 a, uint256 b) internal pure {
        require(a == b, string.concat(vm.toString(a), " is not ", vm.toString(b)));
    }

    function _eq(bytes32 a, bytes32 b) internal pure {
        require(a == b, "hashes differ");
    }

    function _true(bool holds) internal pure {
        require(holds, "does not hold");
    }
}
