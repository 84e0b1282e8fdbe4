// The main window.
import { mount } from 'svelte';
import './lib/tokens.css';
import Shell from './shell/Shell.svelte';

const target = document.getElementById('app');
if (target) mount(Shell, { target });
