// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Limits} from "../src/TLBooks.sol";
import {Vm} from "./Vm.sol";
import {Config, Deployment, HolderConfig, TokenConfig, Wiring} from "./Wiring.sol";

/// @title Deploys what a configuration says and writes down what was made. `deploy.sh` runs it.
contract Deploy is Wiring {
    Vm private constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    // forge reads this to know that it is a script.
    bool public constant IS_SCRIPT = true;

    function run() external {
        Config memory config = _read(vm.readFile(vm.envString("TL_CONFIG")));
        uint256 key = vm.envUint("TL_DEPLOYER_KEY");
        uint256 block_ = vm.getBlockNumber();
        vm.startBroadcast(key);
        Deployment memory d = _deploy(config, vm.addr(key));
        vm.stopBroadcast();
        vm.writeJson(_result(d, config, block_), vm.envString("TL_RESULT"));
    }

    function _read(string memory json) private pure returns (Config memory config) {
        config.ledgerId = vm.parseJsonBytes32(json, ".ledgerId");
        config.hot = new address[](_count(json, ".hot"));
        config.operators = new string[](config.hot.length);
        for (uint256 i = 0; i < config.hot.length; ++i) {
            string memory path = string.concat(".hot[", vm.toString(i), "]");
            config.hot[i] = vm.parseJsonAddress(json, string.concat(path, ".address"));
            config.operators[i] = vm.parseJsonString(json, string.concat(path, ".operator"));
        }
        config.cold = vm.parseJsonAddressArray(json, ".cold");
        config.guardians = vm.parseJsonAddressArray(json, ".roles.guardians");
        config.limiters = vm.parseJsonAddressArray(json, ".roles.limiters");
        config.registrars = vm.parseJsonAddressArray(json, ".roles.registrars");
        config.enforcers = vm.parseJsonAddressArray(json, ".roles.enforcers");
        config.pausers = vm.parseJsonAddressArray(json, ".roles.pausers");
        config.timelockDelay = vm.parseJsonUint(json, ".timelockDelaySeconds");
        config.tokens = new TokenConfig[](_count(json, ".tokens"));
        for (uint256 i = 0; i < config.tokens.length; ++i) {
            config.tokens[i] = _readToken(json, string.concat(".tokens[", vm.toString(i), "]"));
        }
        config.holders = new HolderConfig[](_count(json, ".holders"));
        for (uint256 i = 0; i < config.holders.length; ++i) {
            string memory path = string.concat(".holders[", vm.toString(i), "]");
            config.holders[i] = HolderConfig({
                account: vm.parseJsonAddress(json, string.concat(path, ".address")),
                class: uint16(_number(json, string.concat(path, ".class"), type(uint16).max)),
                country: uint16(_number(json, string.concat(path, ".country"), type(uint16).max)),
                validUntil: uint64(_number(json, string.concat(path, ".validUntil"), type(uint64).max))
            });
        }
    }

    function _readToken(string memory json, string memory path)
        private
        pure
        returns (TokenConfig memory token)
    {
        token.name = vm.parseJsonString(json, string.concat(path, ".name"));
        token.symbol = vm.parseJsonString(json, string.concat(path, ".symbol"));
        token.decimals = uint8(_number(json, string.concat(path, ".decimals"), type(uint8).max));
        bytes32 policy = keccak256(bytes(vm.parseJsonString(json, string.concat(path, ".policy"))));
        token.allowlist = policy == keccak256("ALLOWLIST");
        if (!token.allowlist && policy != keccak256("DENYLIST")) revert BadConfig("no such policy");
        path = string.concat(path, ".limits");
        uint256 most = type(uint128).max;
        token.limits = Limits({
            ceiling: uint128(_number(json, string.concat(path, ".ceiling"), most)),
            perItem: uint128(_number(json, string.concat(path, ".perItem"), most)),
            mintCapacity: uint128(_number(json, string.concat(path, ".mintCapacity"), most)),
            burnCapacity: uint128(_number(json, string.concat(path, ".burnCapacity"), most)),
            mintWindow: uint32(_number(json, string.concat(path, ".mintWindowSeconds"), type(uint32).max)),
            burnWindow: uint32(_number(json, string.concat(path, ".burnWindowSeconds"), type(uint32).max))
        });
    }

    function _number(string memory json, string memory path, uint256 most)
        private
        pure
        returns (uint256 value)
    {
        value = vm.parseJsonUint(json, path);
        if (value > most) revert BadConfig(string.concat(path, " is too large"));
    }

    function _count(string memory json, string memory path) private pure returns (uint256 count) {
        while (vm.keyExistsJson(json, string.concat(path, "[", vm.toString(count), "]"))) ++count;
    }

    function _result(Deployment memory d, Config memory config, uint256 block_)
        private
        returns (string memory)
    {
        vm.serializeUint("result", "chainId", block.chainid);
        // From here on an event of the bridge may be found.
        vm.serializeUint("result", "deployBlock", block_);
        vm.serializeBytes32("result", "ledgerId", config.ledgerId);
        vm.serializeUint("result", "epoch", d.validatorSet.epoch());
        vm.serializeBytes32("result", "setHash", d.validatorSet.setHash());
        vm.serializeBytes32("result", "coldSetHash", d.validatorSet.coldSetHash());
        vm.serializeString("result", "accessManager", _contract("accessManager", address(d.manager)));
        vm.serializeString("result", "validatorSet", _contract("validatorSet", address(d.validatorSet)));
        vm.serializeString("result", "bridge", _contract("bridge", address(d.bridge)));
        vm.serializeString("result", "governor", _contract("governor", address(d.governor)));
        vm.serializeString("result", "timelock", _contract("timelock", address(d.governor.timelock())));
        vm.serializeString("result", "eligibility", _contract("eligibility", address(d.eligibility)));
        vm.serializeString("result", "denylist", _contract("denylist", address(d.denylist)));
        string memory tokens = "{}";
        for (uint256 i = 0; i < d.tokens.length; ++i) {
            string memory symbol = config.tokens[i].symbol;
            string memory token = _contract(string.concat("token-", symbol), address(d.tokens[i]));
            tokens = vm.serializeString("tokens", symbol, token);
        }
        vm.serializeString("storage", "burnNonce", "0x0");
        vm.serializeUint("storage", "burnNonceBits", 64);
        vm.serializeString("result", "storage", vm.serializeString("storage", "burnAcc", "0x1"));
        return vm.serializeString("result", "tokens", tokens);
    }

    function _contract(string memory name, address account) private returns (string memory) {
        vm.serializeAddress(name, "address", account);
        return vm.serializeBytes32(name, "codeHash", account.codehash);
    }
}
